/** One process, one stack: the parts run one after the other and share the stack, which takes minutes to build. */
import { after } from 'node:test';
import { acme } from './acme.ts';
import { closeBrowser } from './browser.ts';
import { gateway } from './gateway.ts';
import { liveEdits } from './live-edits.ts';
import { matrix } from './matrix.ts';
import { portal } from './portal.ts';
import { production } from './production.ts';
import { routes } from './routes.ts';
import { server } from './server.ts';
import { signIn } from './sign-in.ts';
import { start } from './stack.ts';
import { tokens } from './tokens.ts';

// Before the tests: without a stack all of them would fail with the same message.
const stack = await start();
after(closeBrowser);

matrix(stack);
signIn(stack);
tokens(stack);
gateway(stack);
routes(stack);
portal(stack);
liveEdits(stack);
production(stack);
// Last, since they replace the gateway of all other tests.
server(stack);
acme(stack);
