import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  type ReactNode,
} from 'react';

import { classNames, FOCUS_RING } from './classNames';

export interface ToastOptions {
  /** A failure stays until it is dismissed, and interrupts a screen reader. */
  kind?: 'success' | 'failure';
  /** Something to do about it, such as Undo. */
  action?: { label: string; onSelect: () => void };
}

interface ToastEntry extends ToastOptions {
  id: number;
  message: string;
}

export type ShowToast = (message: string, options?: ToastOptions) => void;

/** How long a success stays, and one that offers something to do. */
const SHOWN_MS = 5_000;
const SHOWN_WITH_ACTION_MS = 10_000;
/** More would hide the page; the oldest goes. */
const MOST = 3;

const ToastContext = createContext<ShowToast | null>(null);

/** Shows a short message in the corner; the same function on every render. */
export function useToast(): ShowToast {
  const show = useContext(ToastContext);
  if (show === null) {
    throw new Error('useToast needs a <ToastProvider> around it');
  }
  return show;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ToastEntry[]>([]);
  const lastId = useRef(0);

  const show = useCallback<ShowToast>((message, options) => {
    lastId.current += 1;
    const toast = { ...options, id: lastId.current, message };
    setToasts((before) =>
      [...before.filter((other) => !isRepeated(other, toast)), toast].slice(-MOST),
    );
  }, []);
  const dismiss = useCallback((id: number) => {
    setToasts((before) => before.filter((toast) => toast.id !== id));
  }, []);

  const of = (failure: boolean) => toasts.filter((toast) => (toast.kind === 'failure') === failure);
  return (
    <ToastContext.Provider value={show}>
      {children}
      {/* Both regions are there from the beginning: only what comes into an existing one is announced. */}
      <div className="pointer-events-none fixed inset-x-0 bottom-0 z-30 flex flex-col items-center p-4 sm:items-end">
        <div role="status" className="flex flex-col gap-2 sm:items-end">
          {of(false).map((toast) => (
            <ToastMessage key={toast.id} toast={toast} dismiss={dismiss} />
          ))}
        </div>
        <div role="alert" className="mt-2 flex flex-col gap-2 sm:items-end">
          {of(true).map((toast) => (
            <ToastMessage key={toast.id} toast={toast} dismiss={dismiss} />
          ))}
        </div>
      </div>
    </ToastContext.Provider>
  );
}

/** A toast replaces an earlier one with the same text, unless that one still offers an action. */
function isRepeated(earlier: ToastEntry, later: ToastEntry): boolean {
  return (
    earlier.action === undefined && earlier.message === later.message && earlier.kind === later.kind
  );
}

function ToastMessage({ toast, dismiss }: { toast: ToastEntry; dismiss: (id: number) => void }) {
  // It must not disappear while it is read or has the focus (WCAG 2.2, 2.2.1).
  const [held, setHeld] = useState(false);
  const { id, kind, action } = toast;

  useEffect(() => {
    if (held || kind === 'failure') {
      return undefined;
    }
    const timer = setTimeout(
      () => {
        dismiss(id);
      },
      action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [held, kind, action, id, dismiss]);

  return (
    <div
      className="pointer-events-auto flex w-fit max-w-sm items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 text-sm shadow-lg"
      onPointerEnter={() => {
        setHeld(true);
      }}
      onPointerLeave={() => {
        setHeld(false);
      }}
      onFocus={() => {
        setHeld(true);
      }}
      onBlur={() => {
        setHeld(false);
      }}
    >
      <span className={classNames('min-w-0 wrap-anywhere', kind === 'failure' && 'text-danger')}>
        {toast.message}
      </span>
      {action === undefined ? null : (
        <button
          type="button"
          className={classNames(
            'shrink-0 rounded-md px-2 py-1 font-medium text-accent hover:bg-sunken',
            FOCUS_RING,
          )}
          onClick={() => {
            dismiss(id);
            action.onSelect();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        className={classNames(
          'shrink-0 rounded-md p-1.5 text-muted hover:bg-sunken hover:text-ink',
          FOCUS_RING,
        )}
        onClick={() => {
          dismiss(id);
        }}
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 16 16"
          className="size-4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        >
          <path d="m4 4 8 8m0-8-8 8" strokeLinecap="round" />
        </svg>
      </button>
    </div>
  );
}
