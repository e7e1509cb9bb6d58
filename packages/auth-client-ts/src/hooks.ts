import { useContext } from 'react';

import { AuthContext, type Auth } from './AuthContext';
import type { User } from './user';

/** Who is signed in, and how to change that. */
export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (auth === null) {
    throw new Error('useAuth, useUser and useAuthFetch need an <AuthProvider> around them');
  }
  return auth;
}

/** The signed-in person. Inside an `<AuthProvider>` with `autoSignIn` there always is one. */
export function useUser(): User {
  const { user } = useAuth();
  if (user === null) {
    throw new Error('useUser was called while no user is signed in; use useAuth().user instead');
  }
  return user;
}

/** `fetch` with the access token; the same function on every render. */
export function useAuthFetch(): typeof fetch {
  return useAuth().authFetch;
}
