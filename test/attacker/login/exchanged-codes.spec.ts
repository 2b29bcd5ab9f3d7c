import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { LogLines } from '../../support/logs/log-lines.ts';
import { otherValues } from '../../support/database/column-locks.ts';
import { tamper } from '../../support/database/tamper.ts';
import { WebLoginSteps, type CodedLogin, type RawLogin } from '../../support/login/web-login-steps.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { anna, bo } from '../../support/parties/payment.ts';
import { newVerifier, RawClient, sha256, type Fields } from '../../support/parties/raw-client.ts';

type Row = Readonly<Record<string, unknown>>;

const log = new LogLines();
let steps: WebLoginSteps;
/** The same client with another key. */
let withOtherKey: RawClient;
beforeAll(async () => {
  steps = await WebLoginSteps.start({ logStream: log });
  const { issuer, clients } = steps.world.system;
  withOtherKey = await RawClient.create(clients.rp, issuer, steps.clock);
}, 60_000);
afterAll(() => steps.stop());

async function newestRow(): Promise<Row> {
  return (await steps.database.asOwner('select * from login_request order by pushed_at desc limit 1'))[0] ?? {};
}

const coded = async (personalNumber: string): Promise<CodedLogin & { readonly row: Row }> => {
  const login = await steps.coded({}, steps.parties.rp, { personalNumber });
  return { ...login, row: await newestRow() };
};

async function remove({ login_id: id }: Row): Promise<void> {
  const sql = 'delete from login_request where login_id = $1';
  expect(await tamper(steps.database, 'login_request', sql, [id])).toBe(1);
}

async function change({ login_id: id }: Row, columns: Row): Promise<void> {
  const set = Object.keys(columns).map((name, at) => `${name} = $${at + 2}`);
  const sql = `update login_request set ${set.join(', ')} where login_id = $1`;
  expect(await tamper(steps.database, 'login_request', sql, [id, ...Object.values(columns)])).toBe(1);
}

async function decline(login: RawLogin): Promise<PayerBrowser> {
  const browser = new PayerBrowser();
  await browser.open(login.authorizationUrl);
  await browser.post(`${browser.interactionPath}/decline`);
  return browser;
}

const pick = (row: Row, ...names: readonly string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]));

/** Refused, with no word of anybody, and logged. */
async function expectNobody(redeem: () => Promise<RawAnswer>): Promise<void> {
  const before = log.count;
  const { status, body } = await redeem();
  expect([status, body]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  expect([body['id_token'], body['access_token']]).toEqual([undefined, undefined]);
  const lines = log.all((line) => JSON.stringify(line).includes('no token is given'), before);
  expect(lines).toHaveLength(1);
}

describe("the database's owner logs nobody in as another", () => {
  const hers = ['login_id', 'request_sealed', 'request_uri_hash', 'state', 'dpop_jkt', 'client_id'];

  it.each([
    ['the login', ['login_id']],
    ['the login and all that was pushed, but for what the client presents', hers],
  ])('by giving the code of one person %s of another', async (_, columns) => {
    const [own, other] = [await coded(bo), await coded(anna)];
    await remove(other.row);
    const { login_id: login } = other.row;
    await change(own.row, { ...pick(other.row, ...columns), authenticated_id: login });
    await expectNobody(() => steps.redeem(own));
  });

  it('by giving the request of one the code of another, with its challenge', async () => {
    const [own, other] = [await coded(bo), await coded(anna)];
    await remove(own.row);
    await change(other.row, pick(own.row, 'code_hash', 'code_challenge', 'state'));
    await expectNobody(() => steps.redeem(own));
  });

  it('by giving the code of one person the login of another that has its token already', async () => {
    const [own, other] = [await coded(bo), await coded(anna)];
    expect((await steps.redeem(other)).status).toBe(200);
    await remove(other.row);
    const { login_id: login } = other.row;
    await change(own.row, { login_id: login, authenticated_id: login });
    await expectNobody(() => steps.redeem(own));
  });

  it('by exchanging the login before its browser comes back, which is then led nowhere', async () => {
    await steps.push();
    const ownRow = await newestRow();
    const other = await steps.push();
    const browser = await steps.identify(other, { personalNumber: anna });
    const { login_id: login, ...row } = await newestRow();
    await remove({ ...row, login_id: login });
    await change(ownRow, { login_id: login });
    const returned = await browser.get(`/authorize${browser.interactionPath}/return`);
    expect([returned.status, returned.url.origin]).toEqual([404, steps.parties.rp.issuer]);
  });

  it.each<[string, (login: RawLogin) => Promise<PayerBrowser>]>([
    ['has logged in', (login) => steps.identify(login)],
    ['has declined', decline],
  ])('by leading the browser of a person who %s elsewhere', async (_, answer) => {
    const browser = await answer(await steps.push());
    await change(await newestRow(), { redirect_uri: 'https://elsewhere.example/' });
    const returned = await browser.get(`/authorize${browser.interactionPath}/return`);
    expect([returned.status, returned.url.origin]).toEqual([404, steps.parties.rp.issuer]);
  });

  it('by an ordinary statement, which is refused in each column of what was pushed', async () => {
    const { row } = await coded(anna);
    const columns = await steps.database.asOwner(
      `select column_name as name, coalesce(domain_name, udt_name) as type from information_schema.columns
        where table_name = 'login_request' and column_name !~ '^code_(hash|expires_at|used_at)$|^used_at$|^authenticated_id$'`,
    );
    expect(columns).toHaveLength(11);
    for (const { name, type } of columns) {
      const sql = `update login_request set ${String(name)} = ${otherValues[String(type)] ?? 'null'} where login_id = $1`;
      await expect(steps.database.asOwner(sql, [row['login_id']])).rejects.toThrow(/never changes/);
    }
  });
});

describe('a code is redeemed for nothing but what was pushed, where the row now says', () => {
  const verifier = newVerifier();
  const elsewhere = 'http://localhost:3003/elsewhere';

  it.each<[string, () => Row, Fields]>([
    ['another redirect_uri', () => ({ redirect_uri: elsewhere }), { redirect_uri: elsewhere }],
    ['another code_challenge', () => ({ code_challenge: sha256(verifier) }), { code_verifier: verifier }],
    ['another state', () => ({ state: 'another' }), {}],
    ['another request_uri', () => ({ request_uri_hash: Buffer.alloc(32, 1) }), {}],
    ['something else under the seal', () => ({ request_sealed: Buffer.alloc(80, 1) }), {}],
    ['nothing under the seal', () => ({ request_sealed: Buffer.alloc(0) }), {}],
  ])('%s', async (_, columns, presented) => {
    const own = await coded(anna);
    await change(own.row, columns());
    await expectNobody(() => steps.redeem(own, presented));
  });

  it.each<[string, () => Promise<string | null>]>([
    ['another key', () => withOtherKey.thumbprint()],
    ['no key', () => Promise.resolve(null)],
  ])('%s', async (_, jkt) => {
    const own = await coded(anna);
    await change(own.row, { dpop_jkt: await jkt() });
    await expectNobody(() => steps.redeem({ ...own, party: withOtherKey }));
  });

  it('nothing else, to which alone a token is given', async () => {
    expect((await steps.redeem(await coded(anna))).status).toBe(200);
  });
});
