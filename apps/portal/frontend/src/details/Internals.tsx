import { Card, Table, type Column } from '@scalr/ui';

import { accessInWords } from '../apps/words';
import { Fact } from './Fact';
import type { AppDetails } from './useApp';

type Internals = NonNullable<AppDetails['internals']>;

const COLUMNS: Column<Internals['services'][number]>[] = [
  { key: 'name', header: 'Service', namesRow: true, cell: (service) => service.name },
  { key: 'state', header: 'State', cell: (service) => service.state },
  { key: 'status', header: 'The engine says', cell: (service) => service.status },
];

/** What only an admin sees: who may use the app and why, and what runs. */
export function Internals({ app, internals }: { app: AppDetails; internals: Internals }) {
  const { audience, hidden_because: hiddenBecause, path, registered, services } = internals;
  return (
    <>
      <Card title="Who sees it">
        <dl className="grid gap-x-8 gap-y-4 p-5 text-sm sm:grid-cols-2">
          <Fact term="May use it">
            {audience.everyone ? (
              'Everyone who signed in'
            ) : (
              <>
                Members of{' '}
                {audience.groups.map((group, index) => (
                  <span key={group}>
                    {index === 0 ? '' : ' or '}
                    <code>{group}</code>
                  </span>
                ))}
              </>
            )}
          </Fact>
          <Fact term="You">{accessInWords(app.access)}</Fact>
          <Fact term="In the portal">
            {hiddenBecause === null
              ? 'Everyone who may use it sees it'
              : `Only admins see it: ${hiddenBecause}`}
          </Fact>
        </dl>
      </Card>
      <Card title="How it runs">
        <dl className="grid gap-x-8 gap-y-4 p-5 text-sm sm:grid-cols-2">
          <Fact term="Folder">
            <code>{path}</code>
          </Fact>
          <Fact term="Started by">
            <code>{registered ? 'scalr up' : `scalr up ${app.slug}`}</code>
          </Fact>
        </dl>
        {services.length === 0 ? (
          <p className="border-t border-line p-5 text-sm text-muted">
            {app.state === 'unknown' ? 'The engine can’t be asked.' : 'It has no containers.'}
          </p>
        ) : (
          <div className="overflow-x-auto border-t border-line">
            <Table
              caption="Containers"
              columns={COLUMNS}
              rows={services}
              rowKey={(service) => service.name}
            />
          </div>
        )}
      </Card>
    </>
  );
}
