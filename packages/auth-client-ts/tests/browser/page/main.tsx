/** A small app around the library, in StrictMode. Which client it is comes from the server, as in a real app. */
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { AuthProvider, useAuth, useAuthFetch, useUser, type AuthConfig } from '../../../src';

interface PageConfig extends AuthConfig {
  autoSignIn: boolean;
}

function Page() {
  const user = useUser();
  const { signOut } = useAuth();
  const authFetch = useAuthFetch();
  const [answer, setAnswer] = useState('');
  const call = (url: string) => {
    setAnswer('');
    authFetch(url, { method: 'POST', body: 'a body' }).then(
      async (response) => {
        setAnswer(`${String(response.status)} ${await response.text()}`);
      },
      (error: unknown) => {
        setAnswer(String(error));
      },
    );
  };
  return (
    <main>
      <h1>Hello, {user.name}</h1>
      <p>{user.groups.join(', ')}</p>
      <label>
        Draft <input />
      </label>
      <button
        onClick={() => {
          call('/api/echo');
        }}
      >
        Call the API
      </button>
      <button
        onClick={() => {
          call('http://127.0.0.1:9/steal');
        }}
      >
        Call another origin
      </button>
      <button onClick={() => void signOut()}>Sign out</button>
      <output>{answer}</output>
    </main>
  );
}

function Anyone() {
  const { user, signIn } = useAuth();
  return user === null ? (
    <button onClick={() => void signIn()}>Sign in when you like</button>
  ) : (
    <Page />
  );
}

const root = document.getElementById('root');
const response = await fetch('/config.json');
const config = (await response.json()) as PageConfig;
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <AuthProvider config={config} autoSignIn={config.autoSignIn}>
        {config.autoSignIn ? <Page /> : <Anyone />}
      </AuthProvider>
    </StrictMode>,
  );
}
