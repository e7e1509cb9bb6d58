/** Leaves this page for another one. */
export function goTo(url: string): void {
  location.assign(url);
}
