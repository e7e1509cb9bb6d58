/**
 * Whether a hidden frame of the sign-in service would be sent its own cookies.
 *
 * Browsers send them to a frame of the same site only. The list of public suffixes is not known to a page, so the
 * rule follows the host names of the apps: `orders.example.com` and `auth.example.com` share a parent of at
 * least two labels. Below `localhost` every name is a separate site. A wrong yes costs one failed attempt.
 */
export function sharesCookies(pageHost: string, serviceHost: string): boolean {
  if (pageHost === serviceHost) {
    return true;
  }
  if (isAddress(pageHost) || isAddress(serviceHost)) {
    return false;
  }
  const parent = pageHost.split('.').slice(1).join('.');
  return parent.includes('.') && (serviceHost === parent || serviceHost.endsWith(`.${parent}`));
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^[\d.]+$/.test(host);
}
