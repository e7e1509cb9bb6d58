import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { Field, Input, TextArea } from '../src';

afterEach(cleanup);

const textOf = (ids: string | null) =>
  (ids ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' | ');

test('a control has its label, and by itself nothing wrong', () => {
  render(<Field label="Name">{(control) => <Input {...control} />}</Field>);
  const input = screen.getByRole('textbox', { name: 'Name' });
  expect(input.getAttribute('aria-invalid')).toBeNull();
  expect(input.getAttribute('aria-describedby')).toBeNull();
});

test('hint and error are read with the control, and the error is announced when it comes', () => {
  const field = (error: string) => (
    <Field label="Text" hint="At most 500 characters." error={error}>
      {(control) => <TextArea {...control} />}
    </Field>
  );
  const { rerender } = render(field(''));
  const live = document.querySelector('[aria-live=polite]');
  expect(live?.textContent).toBe('');

  rerender(field('Write something.'));
  const input = screen.getByRole('textbox', { name: 'Text' });
  expect(input.getAttribute('aria-invalid')).toBe('true');
  expect(textOf(input.getAttribute('aria-describedby'))).toBe(
    'At most 500 characters. | Write something.',
  );
  expect(document.querySelector('[aria-live=polite]')).toBe(live);
});

test('two fields of one label are two controls', () => {
  render(
    <>
      <Field label="Name">{(control) => <Input {...control} />}</Field>
      <Field label="Name">{(control) => <Input {...control} />}</Field>
    </>,
  );
  const [one, other] = screen.getAllByRole('textbox', { name: 'Name' });
  expect(one?.id).not.toBe(other?.id);
});
