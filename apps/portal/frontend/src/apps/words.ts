import type { AppSummary } from './useApps';

export const KINDS: Record<AppSummary['kind'], string> = {
  product: 'Product',
  client: 'Client',
  internal: 'Internal',
  platform: 'Platform',
};

/** Why the person sees the app, as shown to an admin. */
export function accessInWords({ reason, groups }: AppSummary['access']): string {
  switch (reason) {
    case 'everyone':
      return 'Open to everyone who signed in';
    case 'group':
      return `You are in ${groups.join(' and ')}`;
    case 'sign-in':
      return 'The sign-in service lets you in';
    case 'admin':
      return 'You may not use it; you see it as an admin';
  }
}
