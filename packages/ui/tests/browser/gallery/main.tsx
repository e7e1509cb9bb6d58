/** Every component in every state, to look at and to measure. `#message` is the page that says one thing. */
import { createRoot } from 'react-dom/client';

import {
  Alert,
  AppShell,
  Button,
  Card,
  EmptyState,
  Field,
  Input,
  MessagePage,
  Skeleton,
  Table,
  TextArea,
  ToastProvider,
  useToast,
} from '../../../src';
import './gallery.css';

function Gallery() {
  const toast = useToast();
  return (
    <AppShell
      appName="Gallery"
      user={{ name: 'Ada Lovelace', email: 'ada@example.test' }}
      portalUrl="#portal"
      onSignOut={() => undefined}
    >
      <h1 className="text-2xl font-semibold">Gallery</h1>
      <p className="text-muted">Every component in every state.</p>
      <div className="mt-6 space-y-6">
        <Card title="Buttons" actions={<Button variant="quiet">Quiet</Button>}>
          <div className="flex flex-wrap gap-3 p-5">
            <Button>Primary</Button>
            <Button variant="secondary">Secondary</Button>
            <Button variant="danger">Danger</Button>
            <Button busy>Busy</Button>
            <Button disabled>Disabled</Button>
          </div>
        </Card>
        <Card title="Fields">
          <div className="space-y-4 p-5">
            <Field label="Name" hint="As on the invoice.">
              {(control) => <Input {...control} placeholder="Ada Lovelace" />}
            </Field>
            <Field label="Text" error="Write something.">
              {(control) => <TextArea {...control} />}
            </Field>
          </div>
        </Card>
        <Card title="Table">
          <Table
            caption="Orders"
            columns={[
              { key: 'item', header: 'Item', cell: (row) => row, namesRow: true },
              { key: 'count', header: 'Count', cell: () => '2', align: 'end' },
            ]}
            rows={['Tea', 'Salt']}
            rowKey={(row) => row}
          />
        </Card>
        <Card title="Loading">
          <Skeleton label="Loading" />
        </Card>
        <Card title="Empty">
          <EmptyState title="No notes yet" action={<Button>Write one</Button>}>
            What you write down here is yours alone.
          </EmptyState>
        </Card>
        <Alert
          title="The notes could not be loaded"
          action={<Button variant="secondary">Try again</Button>}
        >
          The service does not answer.
        </Alert>
        <Button
          onClick={() => {
            toast('Note deleted', { action: { label: 'Undo', onSelect: () => undefined } });
            toast('The note was not added', { kind: 'failure' });
          }}
        >
          Show toasts
        </Button>
      </div>
    </AppShell>
  );
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    location.hash === '#message' ? (
      <MessagePage title="You are signed out" actions={<Button>Sign in</Button>}>
        <p>On a shared computer, close the browser.</p>
      </MessagePage>
    ) : (
      <ToastProvider>
        <Gallery />
      </ToastProvider>
    ),
  );
}
