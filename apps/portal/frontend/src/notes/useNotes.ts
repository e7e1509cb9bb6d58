import { useCallback, useEffect, useState } from 'react';

import { answerOf, useApi } from '../api/client';
import { problemFromError, type Problem } from '../api/problem';
import type { components } from '../api/schema';

export type Note = components['schemas']['NoteOut'];

interface Loaded {
  notes: readonly Note[];
  nextCursor: string | null;
}

export interface Notes {
  /** Null until the first answer. */
  notes: readonly Note[] | null;
  hasMore: boolean;
  /** Why the list could not be loaded. */
  problem: Problem | null;
  reload: () => void;
  /** These reject with a `Problem`. */
  add: (text: string) => Promise<void>;
  remove: (note: Note) => Promise<void>;
  loadMore: () => Promise<void>;
}

/** The person's notes, newest first. */
export function useNotes(): Notes {
  const api = useApi();
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    answerOf(api.GET('/api/notes', { signal: controller.signal })).then(
      (page) => {
        setLoaded({ notes: page.items, nextCursor: page.next_cursor });
        setProblem(null);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) {
          setProblem(problemFromError(error));
        }
      },
    );
    return () => {
      controller.abort();
    };
  }, [api, attempt]);

  const reload = useCallback(() => {
    setProblem(null);
    setAttempt((before) => before + 1);
  }, []);

  const add = useCallback(
    async (text: string) => {
      const note = await answerOf(api.POST('/api/notes', { body: { text } }));
      setLoaded((before) => before && { ...before, notes: [note, ...before.notes] });
    },
    [api],
  );

  const remove = useCallback(
    async (note: Note) => {
      await answerOf(
        api.DELETE('/api/notes/{note_id}', { params: { path: { note_id: note.id } } }),
      ).catch((error: unknown) => {
        // Deleted elsewhere: that is what was wanted.
        if (problemFromError(error).status !== 404) {
          throw error;
        }
      });
      setLoaded(
        (before) => before && { ...before, notes: before.notes.filter(({ id }) => id !== note.id) },
      );
    },
    [api],
  );

  const cursor = loaded?.nextCursor ?? null;
  const loadMore = useCallback(async () => {
    const page = await answerOf(api.GET('/api/notes', { params: { query: { cursor } } }));
    setLoaded(
      (before) =>
        before && {
          notes: [...before.notes, ...page.items],
          nextCursor: page.next_cursor,
        },
    );
  }, [api, cursor]);

  return {
    notes: loaded?.notes ?? null,
    hasMore: cursor !== null,
    problem,
    reload,
    add,
    remove,
    loadMore,
  };
}
