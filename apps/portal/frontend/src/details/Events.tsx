import { References } from './DependencyGraph';
import type { AppDetails } from './useApp';

/** The events that the app publishes and subscribes to. */
export function Events({ app }: { app: AppDetails }) {
  const { events_publish: published, events_subscribe: subscribed } = app;
  if (published.length === 0 && subscribed.length === 0) {
    return <p className="p-5 text-sm text-muted">It publishes no events, and listens to none.</p>;
  }
  return (
    <div className="grid gap-6 p-5 sm:grid-cols-2">
      <EventList title="Publishes" none="No event." other="Heard by" events={published} />
      <EventList title="Listens to" none="No event." other="Published by" events={subscribed} />
    </div>
  );
}

function EventList({
  title,
  none,
  other,
  events,
}: {
  title: string;
  none: string;
  other: string;
  events: AppDetails['events_publish'];
}) {
  return (
    <div className="min-w-0">
      <h3 className="font-medium">{title}</h3>
      {events.length === 0 ? (
        <p className="mt-1 text-sm text-muted">{none}</p>
      ) : (
        <ul className="mt-2 space-y-4">
          {events.map((event) => (
            <li key={event.name}>
              <code className="text-sm wrap-anywhere">{event.name}</code>
              <div className="mt-1 border-l-2 border-line pl-3">
                <References title={other} none="No app that you may see." apps={event.apps} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
