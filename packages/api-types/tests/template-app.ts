/** Checked by `tsc`, never run: what other apps may rely on in the API of the template, and so of every new app. */
import type { components, paths } from '@scalr/api-types/template-app';

type Note = components['schemas']['NoteOut'];
type NotePage = paths['/api/notes']['get']['responses'][200]['content']['application/json'];

export const page: NotePage = {
  items: [{ id: '00000000-0000-4000-8000-000000000000', text: 'a note', created_at: '2026-11-22' }],
  next_cursor: null,
};

export function textOf(note: Note): string {
  return note.text;
}

// @ts-expect-error: the text of a note is not a number
export const wrong: NotePage['items'][number]['text'] = 1;

// @ts-expect-error: there is no such path
export type Missing = paths['/api/none'];
