import { Input } from '@scalr/ui';
import { forwardRef } from 'react';

export interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** Down leads to the first card. */
  onDown: () => void;
  /** Enter opens it. */
  onEnter: () => void;
}

/** Finds apps during typing; Escape clears it. The ref is the input's. */
export const SearchField = forwardRef<HTMLInputElement, SearchFieldProps>(function SearchField(
  { value, onChange, onDown, onEnter },
  ref,
) {
  return (
    <div role="search" className="relative w-full sm:w-72">
      <Input
        ref={ref}
        type="search"
        aria-label="Search apps"
        aria-keyshortcuts="/"
        placeholder="Search apps"
        autoComplete="off"
        spellCheck={false}
        className="pr-9"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            onDown();
          } else if (event.key === 'Enter' && value.trim() !== '') {
            event.preventDefault();
            onEnter();
          } else if (event.key === 'Escape') {
            event.preventDefault();
            if (value === '') {
              event.currentTarget.blur();
            }
            onChange('');
          }
        }}
      />
      {value === '' ? (
        <kbd
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-2 my-auto hidden h-6 min-w-6 items-center justify-center rounded border border-line bg-sunken px-1.5 font-sans text-xs text-muted sm:flex"
        >
          /
        </kbd>
      ) : null}
    </div>
  );
});
