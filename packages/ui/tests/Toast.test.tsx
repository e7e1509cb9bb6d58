import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ToastProvider, useToast, type ShowToast } from '../src';

let show: ShowToast;

function Page({ take }: { take: (toast: ShowToast) => void }) {
  const toast = useToast();
  useEffect(() => {
    take(toast);
  }, [take, toast]);
  return null;
}

beforeEach(() => {
  vi.useFakeTimers();
  render(
    <ToastProvider>
      <Page
        take={(toast) => {
          show = toast;
        }}
      />
    </ToastProvider>,
  );
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};

test('a success is announced in a region that was there before, and goes by itself', () => {
  const region = screen.getByRole('status');
  act(() => {
    show('Note added');
  });
  expect(region.textContent).toBe('Note added');
  pass(4_999);
  expect(region.textContent).toBe('Note added');
  pass(1);
  expect(region.textContent).toBe('');
});

test('a failure interrupts, and stays until it is dismissed', () => {
  act(() => {
    show('The note was not added', { kind: 'failure' });
  });
  expect(screen.getByRole('alert').textContent).toBe('The note was not added');
  expect(screen.getByRole('status').textContent).toBe('');
  pass(60_000);
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.getByRole('alert').textContent).toBe('');
});

test('nothing is taken away from who points at it or has the focus in it', () => {
  act(() => {
    show('Note deleted');
  });
  const toast = screen.getByText('Note deleted');
  fireEvent.pointerEnter(toast.parentElement ?? toast);
  pass(60_000);
  expect(screen.getByRole('status').textContent).toBe('Note deleted');
  fireEvent.pointerLeave(toast.parentElement ?? toast);

  act(() => {
    screen.getByRole('button', { name: 'Dismiss' }).focus();
  });
  pass(60_000);
  expect(screen.getByRole('status').textContent).toBe('Note deleted');
  act(() => {
    screen.getByRole('button', { name: 'Dismiss' }).blur();
  });
  pass(5_000);
  expect(screen.getByRole('status').textContent).toBe('');
});

test('an action acts once, and stays longer', () => {
  const undo = vi.fn();
  act(() => {
    show('Note deleted', { action: { label: 'Undo', onSelect: undo } });
  });
  pass(9_999);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a flood leaves the last three', () => {
  act(() => {
    for (const name of ['one', 'two', 'three', 'four']) {
      show(name);
    }
  });
  expect(screen.getByRole('status').textContent).toBe('twothreefour');
});

test('the same words twice are shown once, and for their full time', () => {
  act(() => {
    show('Note added');
  });
  pass(4_000);
  act(() => {
    show('Note added');
  });
  pass(4_000);
  expect(screen.getByRole('status').textContent).toBe('Note added');

  act(() => {
    show('Note deleted', { action: { label: 'Undo', onSelect: () => undefined } });
    show('Note deleted', { action: { label: 'Undo', onSelect: () => undefined } });
  });
  expect(screen.getAllByRole('button', { name: 'Undo' })).toHaveLength(2);
});
