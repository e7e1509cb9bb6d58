import { AuthProvider } from '@scalr/auth-client';
import { Button, MessagePage, ToastProvider, WaitingPage } from '@scalr/ui';
import { useMemo } from 'react';

import { ConfigProvider } from './config';
import { AppPage } from './details/AppPage';
import { HubPage } from './hub/HubPage';
import { Link, routeOf, usePath } from './router';
import { SignInScreen } from './screens/SignInScreen';
import { useConfigRequest } from './useConfigRequest';

/** The wrappers of the page: the configuration first, since it names the issuer, and then the sign-in. */
export function App() {
  const { config, failed, retry } = useConfigRequest();
  const client = useMemo(
    () =>
      config && {
        issuer: config.oidc.issuer,
        clientId: config.oidc.client_id,
        extraScopes: config.oidc.extra_scopes,
      },
    [config],
  );

  if (failed) {
    return (
      <MessagePage
        title="The app cannot be reached"
        actions={<Button onClick={retry}>Try again</Button>}
      >
        <p role="alert">Its backend does not answer. It may be starting; that takes a minute.</p>
      </MessagePage>
    );
  }
  if (config === null || client === null) {
    return <WaitingPage>Loading…</WaitingPage>;
  }
  return (
    <ConfigProvider value={config}>
      <AuthProvider
        config={client}
        screen={(view) => <SignInScreen appName={config.app_name} {...view} />}
      >
        <ToastProvider>
          <Page />
        </ToastProvider>
      </AuthProvider>
    </ConfigProvider>
  );
}

function Page() {
  const route = routeOf(usePath());
  switch (route.page) {
    case 'hub':
      return <HubPage />;
    case 'app':
      return <AppPage key={route.slug} slug={route.slug} />;
    case 'none':
      return (
        <MessagePage title="There is no such page">
          <p>
            <Link href="/" className="text-accent underline underline-offset-2">
              All apps
            </Link>
          </p>
        </MessagePage>
      );
  }
}
