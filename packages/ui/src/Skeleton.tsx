/** Placeholders for rows, while these are fetched. */
export function Skeleton({ label, rows = 3 }: { label: string; rows?: number }) {
  return (
    <div role="status" className="animate-appear space-y-4 px-5 py-5">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          aria-hidden="true"
          className="h-4 rounded bg-sunken motion-safe:animate-pulse"
        />
      ))}
    </div>
  );
}
