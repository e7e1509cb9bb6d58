import { Button, Field, Input } from '@scalr/ui';
import { forwardRef, useImperativeHandle, useRef, useState, type FormEvent } from 'react';

import { problemFromError, type Problem } from '../api/problem';

/** The same as the backend's limit, which decides; this one only saves a round trip. */
const LONGEST = 2_000;

export interface NoteFormProps {
  /** Rejects with a `Problem`. */
  add: (text: string) => Promise<void>;
}

/** One line of input and a button. The text stays until it has been saved. The ref is the input's. */
export const NoteForm = forwardRef<HTMLInputElement, NoteFormProps>(function NoteForm(
  { add },
  ref,
) {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle<HTMLInputElement | null, HTMLInputElement | null>(ref, () => input.current);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') {
      setError('Write something first.');
      input.current?.focus();
      return;
    }
    setBusy(true);
    setError('');
    add(text)
      .then(
        () => {
          setText('');
        },
        (reason: unknown) => {
          setError(describe(problemFromError(reason)));
        },
      )
      .finally(() => {
        setBusy(false);
        input.current?.focus();
      });
  };

  return (
    // Our own words for an empty field, in place of the browser's.
    <form onSubmit={submit} noValidate className="p-5">
      <Field label="New note" error={error}>
        {(control) => (
          <div className="flex gap-3">
            <Input
              {...control}
              ref={input}
              value={text}
              maxLength={LONGEST}
              autoComplete="off"
              required
              onChange={(event) => {
                setText(event.target.value);
                setError('');
              }}
            />
            <Button type="submit" busy={busy} className="shrink-0">
              Add note
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
});

function describe(problem: Problem): string {
  const [part] = problem.parts ?? [];
  return part === undefined ? `The note was not kept. ${problem.message}` : `${part.detail}.`;
}
