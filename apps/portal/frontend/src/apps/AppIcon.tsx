import { classNames } from '@scalr/ui';

/** Names that a manifest's `icon` may have, each drawn in a square of 24. */
const SHAPES: Record<string, string> = {
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4',
  book: 'M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h10',
  box: 'm12 3 8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  calendar: 'M5 6h14v14H5zM5 10h14M9 3v5M15 3v5',
  cart: 'M3 4h3l2.5 11h9L20 8H7M9.5 19.5h.01M16.5 19.5h.01',
  chart: 'M4 20h16M7 16v-5M12 16V6M17 16v-8',
  chat: 'M4 5h16v11H10l-4 4v-4H4z',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4M10 13h5M10 17h5',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  grid: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8-8M16 7l3 3',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  money: 'M3 7h18v10H3zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM6.5 12h.01M17.5 12h.01',
  phone:
    'M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z',
  shield: 'M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6z',
  truck: 'M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19.5h.01M17 19.5h.01',
  users:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3 20a6 6 0 0 1 12 0M16 5.5a3 3 0 0 1 0 6M18 14.5a5.5 5.5 0 0 1 3 5',
  wrench:
    'M14.5 6.5a4 4 0 0 1 5-2l-2.5 2.5 1 2 2 1 2-2.5a4 4 0 0 1-5.5 5L8 21l-3-3 8.5-8.5a4 4 0 0 1 1-3z',
};

export interface AppIconProps {
  icon: string | null;
  name: string;
  size?: 'normal' | 'small';
}

/** The app's icon: a drawing for a name that is known, an emoji as it is, and else the name's first letter. */
export function AppIcon({ icon, name, size = 'normal' }: AppIconProps) {
  const shape = icon === null ? undefined : SHAPES[icon];
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'flex shrink-0 items-center justify-center rounded-lg bg-sunken text-accent select-none',
        size === 'normal' ? 'size-10 text-xl' : 'size-6 rounded-md text-sm',
      )}
    >
      {shape === undefined ? (
        <span className={icon !== null && isEmoji(icon) ? '' : 'font-semibold'}>
          {icon !== null && isEmoji(icon) ? icon : firstLetter(name)}
        </span>
      ) : (
        <svg
          viewBox="0 0 24 24"
          className={size === 'normal' ? 'size-5.5' : 'size-4'}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.75"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <path d={shape} />
        </svg>
      )}
    </span>
  );
}

function isEmoji(text: string): boolean {
  return /^\p{Emoji_Presentation}|^\p{Emoji}\u{FE0F}/u.test(text);
}

function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return (first?.segment ?? '?').toUpperCase();
}
