export { AuthProvider, type AuthProviderProps } from './AuthProvider';
export { type Auth } from './AuthContext';
export { type AuthConfig } from './config';
export { type SessionView } from './DefaultScreen';
export { AuthError, type AuthErrorKind } from './errors';
export { useAuth, useAuthFetch, useUser } from './hooks';
export { type SessionState, type SignedOutReason } from './session';
export { type User } from './user';
