/** The built-in users. Each one's password is the user's name. */

export interface User {
  /** Also the `sub` of tokens, the name to type and the password. */
  id: string;
  name: string;
  email: string;
  /** What the user is there to show. */
  role: string;
  /** The user's groups, out of all that the manifests name. */
  groups: (all: string[]) => string[];
}

export const USERS: readonly User[] = [
  {
    id: 'alice',
    name: 'Alice Archer',
    email: 'alice@example.com',
    role: 'may use the apps',
    groups: (all) => all.filter((group) => group.endsWith('-users')),
  },
  {
    id: 'bob',
    name: 'Bob Baker',
    email: 'bob@example.com',
    role: 'is in no group, so apps refuse him',
    groups: () => [],
  },
  {
    id: 'admin',
    name: 'Ada Admin',
    email: 'admin@example.com',
    role: 'is in every group, and in admins',
    groups: (all) => [...new Set([...all, 'admins'])].sort(),
  },
];

export const findUser = (id: string): User | undefined => USERS.find((user) => user.id === id);

export const signIn = (id: string, password: string): User | undefined =>
  password === id ? findUser(id) : undefined;

export interface Claims {
  sub: string;
  name: string;
  preferred_username: string;
  email: string;
  email_verified: boolean;
  groups: string[];
  [claim: string]: unknown;
}

export const claimsOf = (user: User, groups: string[]): Claims => ({
  sub: user.id,
  name: user.name,
  preferred_username: user.id,
  email: user.email,
  email_verified: true,
  groups: user.groups(groups),
});
