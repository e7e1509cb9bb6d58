/** The whole page at an address, with a person signed in and a backend that a test fills. */
import { cleanup, configure, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';

import { App } from '../src/App';
import { goTo } from '../src/goTo';
import { Backend, signInAsAda } from './backend';

// jsdom does not navigate.
vi.mock('../src/goTo', () => ({ goTo: vi.fn() }));

// A busy machine needs more time.
configure({ asyncUtilTimeout: 10_000 });

interface Opened {
  backend: Backend;
  /** The addresses that the page sent the browser to. */
  left: string[];
  open: (path?: string) => void;
}

/** Call it once in a file. The backend is a new one for each test. */
export function page(): Opened {
  const made: Opened = {
    backend: undefined as unknown as Backend,
    left: [],
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
    made.left = [];
    vi.mocked(goTo).mockImplementation((url) => {
      made.left.push(url);
    });
    signInAsAda();
    vi.stubGlobal('scrollTo', () => undefined);
  });
  afterEach(cleanup);
  return made;
}
