/** Placeholders for the cards, while these are fetched. */
export function CardsToCome() {
  return (
    <div role="status" className="animate-appear mt-8">
      <span className="sr-only">Loading your apps</span>
      <div aria-hidden="true" className="grid gap-4 pt-8 sm:grid-cols-2 lg:grid-cols-3">
        {Array.from({ length: 6 }, (_, index) => (
          <div
            key={index}
            className="h-40 rounded-xl border border-line bg-surface motion-safe:animate-pulse"
          />
        ))}
      </div>
    </div>
  );
}
