import { forwardRef, type ButtonHTMLAttributes } from 'react';

import { classNames, FOCUS_RING } from './classNames';

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  /**
   * True while the action that the button started is under way: it keeps the focus, says so, and does nothing when it
   * is pressed again.
   */
  busy?: boolean;
}

const BASE =
  'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3 py-1.5 text-sm font-medium transition-colors ' +
  'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-progress aria-disabled:opacity-60 ' +
  FOCUS_RING;

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-accent-solid text-on-solid hover:bg-accent-solid-hover',
  secondary: 'border border-edge bg-surface text-ink hover:bg-sunken',
  danger: 'bg-danger-solid text-on-solid hover:bg-danger-solid-hover',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
};

/** A button that doesn't submit the form around it unless it is told to (`type="submit"`). */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant = 'primary', busy = false, type = 'button', onClick, className, ...rest },
  ref,
) {
  return (
    <button
      {...rest}
      ref={ref}
      type={type}
      // Not `disabled`, which would drop the keyboard's focus to the top of the page.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={
        busy
          ? (event) => {
              event.preventDefault();
            }
          : onClick
      }
      className={classNames(BASE, VARIANTS[variant], className)}
    />
  );
});
