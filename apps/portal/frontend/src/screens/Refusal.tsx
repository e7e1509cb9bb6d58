import { useAuth, useUser } from '@scalr/auth-client';
import { Button, MessagePage } from '@scalr/ui';
import { useState } from 'react';

import { useConfig } from '../config';

/** For a person who is signed in, but may not use this app. */
export function Refusal({ reason, retry }: { reason: string; retry: () => void }) {
  const { app_name: appName, portal_url: portalUrl, slug } = useConfig();
  const user = useUser();
  const { refresh, signOut } = useAuth();
  const [checking, setChecking] = useState(false);

  const checkAgain = () => {
    setChecking(true);
    // The token holds the groups, so an older token would be refused again. If no new one is available, the
    // answer to the next call says why.
    refresh()
      .catch(() => undefined)
      .finally(() => {
        setChecking(false);
        retry();
      });
  };

  return (
    <MessagePage
      title={`You can’t use ${appName} yet`}
      actions={
        <>
          <Button onClick={() => void signOut()}>Sign out</Button>
          <Button variant="secondary" busy={checking} onClick={checkAgain}>
            Check again
          </Button>
        </>
      }
    >
      <p>
        You are signed in as <strong className="font-medium text-ink">{user.name}</strong>
        {user.email === null ? null : <> ({user.email})</>}, and this account has no access to the
        app.
      </p>
      <p>
        Ask the administrator of your company’s apps for access, and send them this page: the app is{' '}
        <code>{slug}</code>, and it says “{reason}”
      </p>
      <p>Do you have another account? Sign out, and sign in with that one.</p>
      {portalUrl === '' ? null : (
        <p>
          <a className="text-accent underline underline-offset-2" href={portalUrl}>
            All apps
          </a>
        </p>
      )}
    </MessagePage>
  );
}
