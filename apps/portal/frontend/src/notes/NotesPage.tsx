import { useAuth, useUser } from '@scalr/auth-client';
import { Alert, AppShell, Button, Card, EmptyState, Skeleton, useToast } from '@scalr/ui';
import { useRef, useState } from 'react';

import { problemFromError } from '../api/problem';
import { useConfig } from '../config';
import { Refusal } from '../screens/Refusal';
import { NoteForm } from './NoteForm';
import { NotesTable } from './NotesTable';
import { useNotes, type Note } from './useNotes';

/** The one page: who you are, and your notes. */
export function NotesPage() {
  const { app_name: appName, portal_url: portalUrl } = useConfig();
  const user = useUser();
  const { signOut } = useAuth();
  const toast = useToast();
  const { notes, hasMore, problem, reload, add, remove, loadMore } = useNotes();
  const [loadingMore, setLoadingMore] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  if (problem?.status === 403) {
    return <Refusal reason={problem.message} retry={reload} />;
  }

  const showFailure = (what: string, error: unknown) => {
    toast(`${what}: ${problemFromError(error).message}`, { kind: 'failure' });
  };

  const restore = (note: Note) => {
    add(note.text).then(
      () => {
        toast('Note restored');
      },
      (error: unknown) => {
        showFailure('The note was not restored', error);
      },
    );
  };

  const removeAndTell = async (note: Note) => {
    try {
      await remove(note);
      toast('Note deleted', {
        action: {
          label: 'Undo',
          onSelect: () => {
            restore(note);
          },
        },
      });
      return true;
    } catch (error) {
      showFailure('The note was not deleted', error);
      return false;
    }
  };

  const showMore = () => {
    setLoadingMore(true);
    loadMore()
      .catch((error: unknown) => {
        showFailure('No more notes were loaded', error);
      })
      .finally(() => {
        setLoadingMore(false);
      });
  };

  return (
    <AppShell appName={appName} user={user} portalUrl={portalUrl} onSignOut={() => void signOut()}>
      <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">
        Hello, {user.name}
      </h1>
      <p className="mt-1 text-muted">What you write down here is kept for you alone.</p>

      <Card className="mt-8">
        <NoteForm
          ref={input}
          add={async (text) => {
            await add(text);
            toast('Note added');
          }}
        />
      </Card>

      <Card title="Notes" className="mt-6">
        {content()}
      </Card>
    </AppShell>
  );

  function content() {
    if (problem !== null) {
      return (
        <div className="p-5">
          <Alert
            title="Your notes could not be loaded"
            action={
              <Button variant="secondary" onClick={reload}>
                Try again
              </Button>
            }
          >
            {problem.message}
          </Alert>
        </div>
      );
    }
    if (notes === null) {
      return <Skeleton label="Loading your notes" />;
    }
    if (notes.length === 0) {
      return <EmptyState title="No notes yet">Write the first one above.</EmptyState>;
    }
    return (
      <>
        <NotesTable notes={notes} remove={removeAndTell} afterLast={() => input.current?.focus()} />
        {hasMore ? (
          <div className="border-t border-line px-5 py-3 text-center">
            <Button variant="quiet" busy={loadingMore} onClick={showMore}>
              Show more
            </Button>
          </div>
        ) : null}
      </>
    );
  }
}
