import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Wal } from '../../bench/chain/wal.ts';
import { Undo } from '../../sandbox/undo.ts';
import { newBrowserCookie, setBrowserCookie } from '../../src/attempts/browser-cookie.ts';
import type { RawAnswer } from '../support/parties/exchange.ts';
import { TokenSteps } from '../support/token/token-steps.ts';
import { StatementCounts } from '../support/logs/statement-counts.ts';
import { atRest, anna, payment } from '../support/system/system.ts';
import { startTestServer } from '../support/database/test-server.ts';

/** What a step sends to the database, BEGIN and COMMIT included, and how many of its transactions wait for the disk. */
interface Cost {
  readonly statements: number;
  readonly commits: number;
}

/** A commit of autovacuum may fall into one of them. */
const PAYMENTS = 3;

const undo = new Undo();
const counts = new StatementCounts();
let steps: TokenSteps;
let wal: Wal;
let costs: readonly Readonly<Record<string, Cost>>[] = [];

beforeAll(async () => {
  const { server, folder, access } = await startTestServer(true);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  undo.later(() => server.stop());
  process.env['SIGILL_TEST_POSTGRES'] = access;
  steps = await TokenSteps.start({ ...atRest, modules: [counts.module] });
  undo.later(() => steps.stop());
  wal = await Wal.open(steps.database.ownerUrl);
  undo.later(() => wal.close());
  for (let n = 0; n < PAYMENTS; n += 1) {
    costs = [...costs, { ...(await signing()), ...(await showingQr()), ...(await consuming()) }];
  }
}, 60_000);
afterAll(() => undo.all());

async function costOf(step: () => Promise<RawAnswer>): Promise<Cost & { readonly answer: RawAnswer }> {
  const from = await wal.mark();
  counts.clear();
  const answer = await step();
  const statements = counts.total;
  const commits = await wal.findCommits(from, await wal.mark());
  expect(answer.status).toBeLessThan(400);
  return { statements, commits: commits.length, answer };
}

/** The payer's browser from our page to the return from the BankID app. */
async function signing(): Promise<Readonly<Record<string, Cost>>> {
  const { requestUri } = await steps.tpp.push();
  const [cookie = ''] = setBrowserCookie(steps.tpp.issuer, newBrowserCookie()).split(';');
  const query = new URLSearchParams({ client_id: steps.tpp.id, request_uri: requestUri });
  const visit = (url: string): Promise<RawAnswer> => steps.tpp.get(url, { cookie });
  const authorize = await costOf(() => steps.tpp.get(`/authorize?${query.toString()}`));
  const page = authorize.answer.headers.get('location') ?? '';
  const first = await costOf(() => steps.tpp.get(page));
  const press = await costOf(() => steps.tpp.post(`${page}/start/this`, {}, { cookie, origin: steps.tpp.issuer }));
  const launch = await costOf(() => visit(page));
  const again = await costOf(() => visit(page));
  const order = await steps.world.app.open(launchLinkOf(launch.answer));
  const status = await costOf(() => visit(`${page}/status`));
  const { returnUrl = '' } = await steps.world.app.sign(order.id);
  const back = await costOf(() => visit(returnUrl));
  return { authorize, first, press, launch, again, status, back };
}

/** The QR code of another payment, for this second. */
async function showingQr(): Promise<Readonly<Record<string, Cost>>> {
  const { requestUri } = await steps.tpp.push();
  const [cookie = ''] = setBrowserCookie(steps.tpp.issuer, newBrowserCookie()).split(';');
  const query = new URLSearchParams({ client_id: steps.tpp.id, request_uri: requestUri });
  const page = (await steps.tpp.get(`/authorize?${query.toString()}`)).headers.get('location') ?? '';
  await steps.tpp.post(`${page}/start/other`, {}, { cookie, origin: steps.tpp.issuer });
  return { frame: await costOf(() => steps.tpp.get(`${page}/qr`, { cookie })) };
}

/** The bank consumes what was signed. */
async function consuming(): Promise<Readonly<Record<string, Cost>>> {
  const { bank } = steps.parties;
  const bankToken = await bank.machineToken('consume');
  const { consentId, token } = await steps.token();
  const accessTokenSha256 = createHash('sha256').update(token).digest('base64url');
  const body = { accessTokenSha256, payment, payer: { personalNumber: anna }, paymentReference: randomUUID() };
  const consume = await costOf(() => bank.call(bankToken, 'POST', `/consents/${consentId}/consume`, { body }));
  return { consume };
}

function launchLinkOf({ text }: RawAnswer): string {
  return (/href="([^"]*autostarttoken=[^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&');
}

describe('of the statements of a payment', () => {
  it.each<[string, string, Cost]>([
    ['the way to our page', 'authorize', { statements: 1, commits: 0 }],
    ['the page before any browser has begun', 'first', { statements: 1, commits: 0 }],
    ['a press of the button', 'press', { statements: 6, commits: 2 }],
    ['the page with the launch link', 'launch', { statements: 1, commits: 0 }],
    ['the same page, loaded again', 'again', { statements: 1, commits: 0 }],
    ['each question of the page', 'status', { statements: 1, commits: 0 }],
    ['a frame of the QR code', 'frame', { statements: 1, commits: 0 }],
    ['the way back from the BankID app', 'back', { statements: 2, commits: 1 }],
    ['a consumption', 'consume', { statements: 4, commits: 1 }],
  ])('%s sends and writes no more than this', (_, step, expected) => {
    const taken = costs.map((of) => of[step]);
    const least = (name: keyof Cost): number => Math.min(...taken.map((cost) => cost?.[name] ?? 0));
    expect({ statements: least('statements'), commits: least('commits') }).toEqual(expected);
  });
});
