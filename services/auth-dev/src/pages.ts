/** The pages, as plain HTML: they work without a script, and say that this is for development. */
import type { App } from './manifests.ts';
import type { User } from './users.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | Html | Part[];

const escape = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(escape).join('');
  return part.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
};

/** Escapes what is filled in, other than what is HTML already. */
const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(String.raw({ raw: strings }, ...parts.map(escape)));

/** For every page: nothing but our own style and script, no frame around it, no copy of it. */
export const headers = (): Record<string, string> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

function layout(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <p class="notice" role="note">
          Sign-in for development: every user’s password is the user’s name.
        </p>
        <main>${body}</main>
      </body>
    </html> `.text;
}

export interface SignIn {
  app: App;
  action: string;
  userName: string;
  failed: boolean;
  users: readonly User[];
}

export function signInPage({ app, action, userName, failed, users }: SignIn): string {
  const error = html`<p class="error" role="alert" id="error">
    No user has this name and password.
  </p>`;
  const described = failed ? html` aria-describedby="error" aria-invalid="true"` : '';
  return layout(
    `Sign in to ${app.name}`,
    html`<h1>Sign in</h1>
      <p>to <strong>${app.name}</strong></p>
      <form method="post" action="${action}">
        ${failed ? error : ''}
        <label for="username">User name</label>
        <input
          id="username"
          name="username"
          value="${userName}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required${userName ? '' : html` autofocus`}${described}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required${userName ? html` autofocus` : ''}${described}
        />
        <button type="submit">Sign in</button>
      </form>
      <section aria-labelledby="users">
        <h2 id="users">Users</h2>
        <p>Each one’s password is the user name.</p>
        <dl>
          ${users.map(
            (user) =>
              html`<div>
                <dt><code>${user.id}</code></dt>
                <dd>${user.role}</dd>
              </div>`,
          )}
        </dl>
      </section>`,
  );
}

/** `form` is oidc-provider's own, with its token against forgery. */
export function signOutPage(app: App, form: string, ask: boolean): string {
  const button = html`<button
    type="submit"
    form="op.logoutForm"
    name="logout"
    value="yes"
    data-press="${ask ? 'no' : 'yes'}"
  >
    Sign out
  </button>`;
  return layout(
    'Sign out',
    html`<h1>Sign out</h1>
      <p>
        ${ask ? 'Do you want to sign out' : 'Signing out'} of ${app.name} and every other
        app${ask ? '?' : '.'}
      </p>
      ${new Html(form)} ${button}
      <script src="/press.js"></script>`,
  );
}

export function endedPage(app: App, home: string): string {
  return layout(
    'Signed out',
    html`<h1>You are signed out</h1>
      <p><a href="${home}/">Open ${app.name} again</a></p>`,
  );
}

/** What went wrong, and what a person can do about it: a sign-in that has ended is begun again. */
export function errorPage(problem: string, home: string, ended: boolean): string {
  return layout(
    'Sign-in failed',
    html`<h1>That did not work</h1>
      <p class="error" role="alert">${problem}</p>
      <p>
        ${
          ended
            ? 'A sign-in page that was open for long, or was sent twice, ends like this.'
            : 'The log of auth-dev says more.'
        }
        <a href="${home}/">Back to the app</a>
      </p>`,
  );
}

export interface Overview {
  origin: string;
  users: { user: User; groups: string[] }[];
  apps: { app: App; home: string; issuer: string }[];
}

export function overviewPage({ origin, users, apps }: Overview): string {
  const none = html`<p>No manifest names a client. <code>scalr new-app</code> makes an app.</p>`;
  return layout(
    'Sign-in for development',
    html`<h1>Sign-in for development</h1>
      <p>
        The apps’ OpenID Connect issuer on this machine, ${origin}. It keeps no real users; a server
        has services/auth instead.
      </p>
      <h2>Users</h2>
      <p>Each one’s password is the user name.</p>
      <div class="wide" role="region" aria-label="Users" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">User</th>
              <th scope="col">Name</th>
              <th scope="col">Groups</th>
            </tr>
          </thead>
          <tbody>
            ${users.map(
              ({ user, groups }) =>
                html`<tr>
                  <th scope="row"><code>${user.id}</code></th>
                  <td>${user.name}</td>
                  <td>${groups.join(', ') || 'none'}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <h2>Apps</h2>
      ${
        apps.length === 0
          ? none
          : html`<div class="wide" role="region" aria-label="Apps" tabindex="0">
              <table>
                <thead>
                  <tr>
                    <th scope="col">App</th>
                    <th scope="col">Client</th>
                    <th scope="col">For</th>
                  </tr>
                </thead>
                <tbody>
                  ${apps.map(
                    ({ app, home, issuer }) =>
                      html`<tr>
                        <th scope="row"><a href="${home}/">${app.name}</a></th>
                        <td>
                          <a href="${issuer}.well-known/openid-configuration"
                            ><code>${app.clientId}</code></a
                          >
                        </td>
                        <td>${app.groups.join(', ') || 'everyone'}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }`,
  );
}

export function notFoundPage(what: string): string {
  return layout(
    'Not found',
    html`<h1>Not found</h1>
      <p>${what}</p>
      <p><a href="/">Users and apps</a></p>`,
  );
}

/** Submits the form that needs no decision of the user. */
export const PRESS_JS = `document.querySelector('button[data-press="yes"]')?.click();\n`;

export const STYLE_CSS = `:root {
  color-scheme: light dark;
  --text: #1c2430;
  --soft: #4b5666;
  --page: #f4f6f8;
  --card: #ffffff;
  --line: #8a94a3;
  --accent: #1d4ed8;
  --on-accent: #ffffff;
  --notice: #fde68a;
  --on-notice: #3b2a00;
  --error: #b3140b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e8ebf0;
    --soft: #b3bccb;
    --page: #12161d;
    --card: #1b212b;
    --line: #6b7686;
    --accent: #8ab4ff;
    --on-accent: #0b1530;
    --notice: #4a3a08;
    --on-notice: #fdeab0;
    --error: #ff9a92;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 2rem auto; padding: 1.5rem 2rem 2rem; background: var(--card); border-radius: .75rem; }
.notice { margin: 0; padding: .5rem 1rem; background: var(--notice); color: var(--on-notice); text-align: center; }
h1 { margin: 0 0 .5rem; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 .25rem; font-size: 1.1rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
label { display: block; margin-top: 1rem; font-weight: 600; }
input { width: 100%; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); color: inherit; font: inherit; }
button { margin-top: 1.25rem; padding: .6rem 1.25rem; border: 0; border-radius: .4rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
:is(input, button, a, .wide):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.error { color: var(--error); font-weight: 600; overflow-wrap: anywhere; }
section, dd { color: var(--soft); }
dl { margin: 0; }
dl div { display: flex; gap: .75rem; }
dt { min-width: 4.5rem; }
dd { margin: 0; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
@media (max-width: 40rem) { main { margin: 0; border-radius: 0; padding: 1.25rem; } }
`;
