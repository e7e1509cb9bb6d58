/** One process, one stack: the parts follow each other, and share what took minutes to build. */
import { after, before } from 'node:test';
import { closeBrowser } from './browser.ts';
import { gateway } from './gateway.ts';
import { liveEdits } from './live-edits.ts';
import { matrix } from './matrix.ts';
import { signIn } from './sign-in.ts';
import { type Stack, start } from './stack.ts';
import { tokens } from './tokens.ts';

let running: Stack | undefined;

before(async () => {
  running = await start();
});
after(closeBrowser);

/** There as soon as the tests run; not yet while they are being listed. */
const stack = (): Stack => {
  if (!running) throw new Error('nothing runs yet');
  return running;
};

matrix(stack);
signIn(stack);
tokens(stack);
gateway(stack);
liveEdits(stack);
