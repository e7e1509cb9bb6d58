import { createContext } from 'react';

import type { AuthError } from './errors';
import type { SessionState } from './session';
import type { User } from './user';

export interface Auth {
  status: SessionState['status'];
  /** Null unless the status is `signed-in`. */
  user: User | null;
  /** Null unless the status is `failed`. */
  error: AuthError | null;
  /** Leaves for the sign-in service, and comes back to the page that is open now. */
  signIn: () => Promise<void>;
  /** Signs out here, in this app's other tabs, and at the sign-in service. */
  signOut: () => Promise<void>;
  authFetch: typeof fetch;
}

export const AuthContext = createContext<Auth | null>(null);
