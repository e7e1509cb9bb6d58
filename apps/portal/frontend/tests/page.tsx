/** The whole page at an address, with a person signed in and a backend that a test fills. */
import { cleanup, configure, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';

import { App } from '../src/App';
import { Backend, signInAsAda } from './backend';

// A busy machine takes its time.
configure({ asyncUtilTimeout: 10_000 });

/** Call it once in a file. The backend is a new one for each test. */
export function page(): { backend: Backend; open: (path?: string) => void } {
  const made = {
    backend: undefined as unknown as Backend,
    open(path = '/') {
      history.replaceState(null, '', path);
      render(
        <StrictMode>
          <App />
        </StrictMode>,
      );
    },
  };
  beforeEach(() => {
    localStorage.clear();
    made.backend = new Backend();
    signInAsAda();
    vi.stubGlobal('scrollTo', () => undefined);
  });
  afterEach(cleanup);
  return made;
}
