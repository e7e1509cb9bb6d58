import type { AppSummary } from '../apps/useApps';

/** The apps in which each word of the query occurs somewhere; those with it in the name come first. */
export function search(apps: readonly AppSummary[], query: string): readonly AppSummary[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return apps;
  }
  const rank = (app: AppSummary): number => {
    const name = fold(app.name);
    const rest = fold([app.slug, app.description, app.kind, app.owner, ...app.tags].join(' '));
    if (!words.every((word) => name.includes(word) || rest.includes(word))) {
      return 0;
    }
    if (name.startsWith(words.join(' '))) {
      return 3;
    }
    return words.some((word) => name.includes(word)) ? 2 : 1;
  };
  return apps
    .map((app) => ({ app, rank: rank(app) }))
    .filter((found) => found.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ app }) => app);
}

/** As people type it: without accents, in small letters. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

const MOST_RECENT = 5;

/** What was opened last, the latest first. */
export function recent(apps: readonly AppSummary[]): readonly AppSummary[] {
  return apps
    .flatMap((app) => (app.opened_at === null || app.url === null ? [] : [app]))
    .sort((a, b) => Date.parse(b.opened_at ?? '') - Date.parse(a.opened_at ?? ''))
    .slice(0, MOST_RECENT);
}
