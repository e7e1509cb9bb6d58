import {
  forwardRef,
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type TextareaHTMLAttributes,
} from 'react';

import { classNames } from './classNames';

/** What ties a control to its label, hint and error; spread it over the control. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export interface FieldProps {
  label: string;
  hint?: string;
  /** What is wrong with the value. Without one, or with an empty one, nothing is. */
  error?: string | undefined;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** A control with its label, hint and error: `<Field label="Name">{(control) => <Input {...control} />}</Field>`. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const hasError = error !== undefined && error !== '';
  const describedBy = [hint === undefined ? '' : `${id}-hint`, hasError ? `${id}-error` : ''];
  return (
    <div className={className}>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="mt-0.5 text-sm text-muted">
          {hint}
        </p>
      )}
      <div className="mt-1.5">
        {children({
          id,
          'aria-describedby': describedBy.filter(Boolean).join(' ') || undefined,
          'aria-invalid': hasError || undefined,
        })}
      </div>
      {/* There from the beginning, so that a screen reader announces what comes into it. */}
      <p id={`${id}-error`} aria-live="polite" className="text-sm text-danger">
        {hasError ? <span className="mt-1.5 block">{error}</span> : null}
      </p>
    </div>
  );
}

const CONTROL =
  'block w-full rounded-md border border-edge bg-surface px-3 py-1.5 text-base text-ink placeholder:text-muted sm:text-sm ' +
  'focus-visible:border-accent focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-accent ' +
  'aria-invalid:border-danger disabled:cursor-not-allowed disabled:opacity-60';

export const Input = forwardRef<HTMLInputElement, InputHTMLAttributes<HTMLInputElement>>(
  function Input({ className, ...rest }, ref) {
    return <input {...rest} ref={ref} className={classNames(CONTROL, 'min-h-9', className)} />;
  },
);

export const TextArea = forwardRef<
  HTMLTextAreaElement,
  TextareaHTMLAttributes<HTMLTextAreaElement>
>(function TextArea({ className, ...rest }, ref) {
  return <textarea rows={3} {...rest} ref={ref} className={classNames(CONTROL, className)} />;
});
