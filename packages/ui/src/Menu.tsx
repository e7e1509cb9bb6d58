import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { classNames, FOCUS_RING } from './classNames';

export type MenuItem =
  | { label: string; onSelect: () => void; href?: never }
  | { label: string; href: string; onSelect?: never };

export interface MenuProps {
  /** What the button says. */
  label: ReactNode;
  /** What the menu is called. */
  name: string;
  /** Stands above the items, and can't be chosen. */
  header?: ReactNode;
  items: readonly MenuItem[];
}

/**
 * A button that opens a menu, after the menu button pattern of the ARIA Authoring Practices Guide: Enter, Space and Down
 * open it at the first item, Up at the last; arrows, Home, End and letters move; Escape and Tab close it.
 */
export function Menu({ label, name, header, items }: MenuProps) {
  const [open, setOpen] = useState<'first' | 'last' | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  const all = () => [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (open !== null) {
      all()
        .at(open === 'first' ? 0 : -1)
        ?.focus();
    }
  }, [open]);

  useEffect(() => {
    if (open === null) {
      return undefined;
    }
    const closeFromOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) {
        setOpen(null);
      }
    };
    document.addEventListener('pointerdown', closeFromOutside);
    return () => {
      document.removeEventListener('pointerdown', closeFromOutside);
    };
  }, [open]);

  const close = () => {
    setOpen(null);
    button.current?.focus();
  };

  const move = (event: KeyboardEvent) => {
    const elements = all();
    const at = elements.indexOf(document.activeElement as HTMLElement);
    const go = (index: number) => {
      event.preventDefault();
      elements.at(index % elements.length)?.focus();
    };
    switch (event.key) {
      case 'ArrowDown':
        go(at + 1);
        break;
      case 'ArrowUp':
        go(at - 1);
        break;
      case 'Home':
        go(0);
        break;
      case 'End':
        go(-1);
        break;
      case 'Escape':
        event.preventDefault();
        close();
        break;
      case 'Tab':
        setOpen(null);
        break;
      default:
        if (event.key.length === 1 && event.key !== ' ') {
          const letter = event.key.toLowerCase();
          [...elements.slice(at + 1), ...elements.slice(0, at + 1)]
            .find((element) => element.textContent.toLowerCase().startsWith(letter))
            ?.focus();
        }
    }
  };

  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open !== null}
        aria-controls={open === null ? undefined : id}
        className={classNames(
          'flex items-center gap-2 rounded-full p-1 text-sm hover:bg-sunken aria-expanded:bg-sunken',
          FOCUS_RING,
        )}
        onClick={() => {
          setOpen(open === null ? 'first' : null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            setOpen(event.key === 'ArrowDown' ? 'first' : 'last');
          }
        }}
      >
        {label}
      </button>
      {open === null ? null : (
        <div className="absolute right-0 z-20 mt-2 w-64 rounded-xl border border-line bg-raised p-1.5 shadow-lg">
          {header}
          <div id={id} role="menu" aria-label={name} onKeyDown={move}>
            {items.map((item) => (
              <Item key={item.label} item={item} close={close} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

const ITEM =
  'block w-full rounded-md px-3 py-2 text-left text-sm hover:bg-sunken focus-visible:bg-sunken ' +
  'focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent';

function Item({ item, close }: { item: MenuItem; close: () => void }) {
  return item.href === undefined ? (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={ITEM}
      onClick={() => {
        close();
        item.onSelect();
      }}
    >
      {item.label}
    </button>
  ) : (
    <a role="menuitem" tabIndex={-1} className={ITEM} href={item.href}>
      {item.label}
    </a>
  );
}
