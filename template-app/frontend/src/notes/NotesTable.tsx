import { Button, Table, type Column } from '@scalr/ui';
import { useEffect, useRef, useState } from 'react';

import type { Note } from './useNotes';

export interface NotesTableProps {
  notes: readonly Note[];
  /** Whether the note is gone. */
  remove: (note: Note) => Promise<boolean>;
  /** Called instead of moving the focus to a row when the last row has been deleted. */
  afterLast: () => void;
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
/** Enough to distinguish two notes when they are read out. */
const SPOKEN_LENGTH = 60;

export function NotesTable({ notes, remove, afterLast }: NotesTableProps) {
  const [removing, setRemoving] = useState<ReadonlySet<string>>(new Set());
  const table = useRef<HTMLDivElement>(null);
  const focusAfter = useRef<{ id: string; index: number } | null>(null);

  // The button that had the focus is gone: the next row's has it, or the one before.
  useEffect(() => {
    const gone = focusAfter.current;
    if (gone !== null && !notes.some(({ id }) => id === gone.id)) {
      const buttons = table.current?.querySelectorAll('button') ?? [];
      buttons[Math.min(gone.index, buttons.length - 1)]?.focus();
      focusAfter.current = null;
    }
  }, [notes]);

  const removeAndFocus = async (note: Note) => {
    setRemoving((before) => new Set([...before, note.id]));
    const hadFocus = table.current?.contains(document.activeElement) ?? false;
    const index = notes.findIndex(({ id }) => id === note.id);
    focusAfter.current = hadFocus ? { id: note.id, index } : null;
    const gone = await remove(note);
    if (!gone) {
      focusAfter.current = null;
    } else if (hadFocus && notes.length === 1) {
      afterLast();
    }
    setRemoving((before) => new Set([...before].filter((id) => id !== note.id)));
  };

  const columns: Column<Note>[] = [
    {
      key: 'text',
      header: 'Note',
      namesRow: true,
      cell: (note) => <span className="whitespace-pre-wrap wrap-anywhere">{note.text}</span>,
    },
    {
      key: 'created',
      header: 'Added',
      className: 'hidden whitespace-nowrap text-muted sm:table-cell',
      cell: (note) => (
        <time dateTime={note.created_at}>{MOMENT.format(new Date(note.created_at))}</time>
      ),
    },
    {
      key: 'actions',
      header: 'Actions',
      hideHeader: true,
      align: 'end',
      className: 'w-0',
      cell: (note) => (
        <Button
          variant="quiet"
          className="-my-2 -mr-3"
          aria-label={`Delete note: ${shorten(note.text)}`}
          busy={removing.has(note.id)}
          onClick={() => void removeAndFocus(note)}
        >
          Delete
        </Button>
      ),
    },
  ];

  return (
    <div ref={table}>
      <Table caption="Notes" columns={columns} rows={notes} rowKey={(note) => note.id} />
    </div>
  );
}

function shorten(text: string): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  return letters.length <= SPOKEN_LENGTH ? text : `${letters.slice(0, SPOKEN_LENGTH).join('')}…`;
}
