import type { Signer } from '../../../simulator/client.ts';
import { eventually } from '../eventually.ts';
import { exchange, type RawAnswer } from '../parties/exchange.ts';
import type { PayerSteps } from '../parties/payer-steps.ts';
import type { RawPushed } from '../parties/raw-client.ts';

/** A signed payment in a browser whose cookie the test may see. */
export interface KnownBrowser {
  readonly interaction: string;
  /** As the header says it. */
  readonly cookie: string;
}

/** A request from our own pages, with whatever cookie a test gives it. */
export function visit(
  issuer: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return exchange(new URL(path, issuer), { method, headers: { origin: issuer, ...headers } });
}

/** The path of the page to which the link of a pushed request leads. */
export async function pageOf({ authorizationUrl }: Pick<RawPushed, 'authorizationUrl'>): Promise<string> {
  return new URL((await exchange(authorizationUrl)).headers.get('location') ?? '').pathname;
}

/** From the link to the signature, and back to our page. */
export async function signInKnownBrowser(
  steps: PayerSteps,
  pushed: RawPushed,
  signer: Signer = {},
): Promise<KnownBrowser> {
  const { path, cookie } = await answerInKnownBrowser(steps, pushed, signer);
  await steps.waitForState(pushed.consentId, 'authorised');
  return { interaction: path.slice('/pay/'.length), cookie };
}

/** The same of a login. */
export async function logInKnownBrowser(
  steps: PayerSteps,
  pushed: Pick<RawPushed, 'authorizationUrl'>,
  signer: Signer = {},
): Promise<KnownBrowser> {
  const { path, cookie } = await answerInKnownBrowser(steps, pushed, signer);
  await eventually(async () => {
    const { body } = await visit(steps.parties.tpp.issuer, 'GET', `${path}/status`, { cookie });
    return body['view'] === 'authorised' || undefined;
  });
  return { interaction: path.slice('/login/'.length), cookie };
}

async function answerInKnownBrowser(
  steps: PayerSteps,
  pushed: Pick<RawPushed, 'authorizationUrl'>,
  signer: Signer,
): Promise<{ readonly path: string; readonly cookie: string }> {
  const { issuer } = steps.parties.tpp;
  const { app } = steps.world;
  const path = await pageOf(pushed);
  const begun = await visit(issuer, 'POST', `${path}/start/this`);
  const cookie = (begun.headers.getSetCookie().find((line) => line.startsWith('sigill=')) ?? '').split(';')[0] ?? '';
  const page = await visit(issuer, 'GET', path, { cookie });
  const order = await app.open(/autostarttoken=([\w-]+)/.exec(page.text)?.[1] ?? '');
  const { returnUrl } = await app.sign(order.id, signer);
  if (returnUrl !== undefined) await exchange(returnUrl, { headers: { cookie } });
  return { path, cookie };
}

/** Where the browser is sent when it goes back to the TPP. */
export async function returnOf(
  issuer: string,
  { interaction, cookie }: KnownBrowser,
  purpose: '' | 'login/' = '',
): Promise<URL> {
  const answer = await visit(issuer, 'GET', `/authorize/${purpose}${interaction}/return`, { cookie });
  return new URL(answer.headers.get('location') ?? '');
}
