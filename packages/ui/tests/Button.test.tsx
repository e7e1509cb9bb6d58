import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';

import { Button } from '../src';

afterEach(cleanup);

test('a button does not submit the form around it', () => {
  const submit = vi.fn((event: Event) => {
    event.preventDefault();
  });
  render(
    <form ref={(form) => form?.addEventListener('submit', submit)}>
      <Button>Add a line</Button>
      <Button type="submit">Send</Button>
    </form>,
  );

  fireEvent.click(screen.getByRole('button', { name: 'Add a line' }));
  expect(submit).not.toHaveBeenCalled();

  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(submit).toHaveBeenCalledOnce();
});

test('a busy button says so and cannot be pressed', () => {
  const press = vi.fn();
  render(
    <Button busy onClick={press}>
      Save
    </Button>,
  );

  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
  fireEvent.click(button);

  expect(button.disabled).toBe(true);
  expect(button.getAttribute('aria-busy')).toBe('true');
  expect(press).not.toHaveBeenCalled();
});

test('a caller may add classes and take a ref', () => {
  const ref = createRef<HTMLButtonElement>();
  render(
    <Button ref={ref} variant="danger" className="w-full">
      Delete
    </Button>,
  );

  expect(ref.current?.classList.contains('w-full')).toBe(true);
  expect(ref.current?.classList.contains('bg-red-700')).toBe(true);
});
