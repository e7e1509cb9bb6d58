import { jsonLog, reason } from './log.ts';
import { readSettings } from './settings.ts';
import { start } from './start.ts';

const log = jsonLog((line) => process.stdout.write(line));

try {
  const running = await start(readSettings(process.env), log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal });
      void running.stop().then(() => {
        log.info('stopped');
      });
    });
  }
} catch (error) {
  log.error(reason(error));
  process.exitCode = 1;
}
