import { createContext, useContext } from 'react';

import type { components } from './api/schema';

/** The configuration that the backend gives the page when it loads, so that one build works everywhere. */
export type Config = components['schemas']['AppConfig'];

const ConfigContext = createContext<Config | null>(null);

export const ConfigProvider = ConfigContext.Provider;

export function useConfig(): Config {
  const config = useContext(ConfigContext);
  if (config === null) {
    throw new Error('useConfig needs a <ConfigProvider> around it');
  }
  return config;
}
