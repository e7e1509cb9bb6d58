import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
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

test('a busy button says so, keeps the focus and cannot be pressed, nor submit its form', async () => {
  const press = vi.fn();
  const submit = vi.fn((event: { preventDefault: () => void }) => {
    event.preventDefault();
  });
  render(
    <form onSubmit={submit}>
      <input aria-label="Name" />
      <Button busy type="submit" onClick={press}>
        Save
      </Button>
    </form>,
  );

  const button = screen.getByRole('button', { name: 'Save' });
  button.focus();
  await userEvent.click(button);
  await userEvent.keyboard('{Enter}');
  await userEvent.type(screen.getByRole('textbox'), 'Ada{Enter}');
  button.focus();

  expect(document.activeElement).toBe(button);
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(button.getAttribute('aria-busy')).toBe('true');
  expect(press).not.toHaveBeenCalled();
  expect(submit).not.toHaveBeenCalled();
});

test('a caller may add classes and take a ref', () => {
  const ref = createRef<HTMLButtonElement>();
  render(
    <Button ref={ref} variant="danger" className="w-full">
      Delete
    </Button>,
  );

  expect(ref.current?.classList.contains('w-full')).toBe(true);
  expect(ref.current?.classList.contains('bg-danger-solid')).toBe(true);
});
