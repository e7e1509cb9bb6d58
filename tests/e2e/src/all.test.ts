/** One process, one stack: the parts follow each other, and share what took minutes to build. */
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

// Before any test is there: without a stack they would all fail, and say the same a hundred times.
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
// Last: they take the gateway away from everybody else.
server(stack);
acme(stack);
