import type { RawAnswer } from '../support/parties/exchange.ts';
import { Hold } from '../support/database/hold.ts';
import { Desk } from '../support/token/desk.ts';

/** More than an instance has connections. */
const CALLERS = 30;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ logLevel: 'fatal' });
}, 60_000);
afterAll(() => desk.close());

interface Readiness {
  readonly status: number;
  readonly error: Readonly<Record<string, { readonly message?: string }>>;
}

async function readiness(): Promise<Readiness> {
  const response = await fetch(new URL('/health/ready', desk.tpp.issuer));
  const { error = {} } = (await response.json()) as Partial<Readiness>;
  return { status: response.status, error };
}

function refusalOf({ status, headers, body }: RawAnswer): readonly unknown[] {
  return [status, headers.get('retry-after'), body['error'] ?? body['code']];
}

describe('while a table is locked', () => {
  it('asks every caller to try again later, in the form of its route, and lets none wait for ever', async () => {
    const { token, pushed } = await desk.token();
    const held = await Hold.take(desk.database, 'lock table consent, access_token in access exclusive mode');
    const [push, introspection, read, page] = await Promise.all([
      desk.tpp.postAs('/par', desk.tpp.pushFields()),
      desk.bank.postAs('/introspect', { token }),
      desk.tpp.call(token, 'GET', `/consents/${pushed.consentId}`),
      desk.tpp.send('GET', `/authorize/${'x'.repeat(22)}/return`, { headers: { cookie: `sigill=${'x'.repeat(43)}` } }),
    ]);
    await held.release();
    expect([push, introspection, read].map(refusalOf)).toEqual([
      [503, '5', 'temporarily_unavailable'],
      [503, '5', 'temporarily_unavailable'],
      [503, '5', 'service.unavailable'],
    ]);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('and every connection waits for it, readiness names the database alone, and callers who get no connection are asked to try again', async () => {
    const { token } = await desk.token();
    const held = await Hold.take(desk.database, 'lock table consent, access_token in access exclusive mode');
    const asking = Promise.all(Array.from({ length: CALLERS }, () => desk.tpp.postAs('/par', desk.tpp.pushFields())));
    await held.untilBlocked(10);
    const { status, error } = await readiness();
    const answers = await asking;
    await held.release();
    expect({ status, error }).toEqual({
      status: 503,
      error: { database: { status: 'down', message: 'late: no answer within 3 s' } },
    });
    expect(answers.map(refusalOf)).toEqual(answers.map(() => [503, '5', 'temporarily_unavailable']));
    expect((await readiness()).status).toBe(200);
    expect(await desk.isActive(token)).toBe(true);
  });

  it('lets a proof that was not claimed be sent again', async () => {
    const { token } = await desk.token();
    const form = { ...desk.bank.credentials(await desk.bank.assertion()), token };
    const held = await Hold.take(desk.database, 'lock table used_jti in access exclusive mode');
    expect((await desk.bank.post('/introspect', form)).status).toBe(503);
    await held.release();
    expect((await desk.bank.post('/introspect', form)).body).toMatchObject({ active: true });
  });

  it('asks for a new assertion where the first was claimed before the table was found locked', async () => {
    const { token } = await desk.token();
    const form = { ...desk.bank.credentials(await desk.bank.assertion()), token };
    const held = await Hold.take(desk.database, 'lock table access_token in access exclusive mode');
    expect((await desk.bank.post('/introspect', form)).status).toBe(503);
    await held.release();
    expect((await desk.bank.post('/introspect', form)).body).toMatchObject({ error: 'invalid_client' });
    expect((await desk.bank.postAs('/introspect', { token })).body).toMatchObject({ active: true });
  });
});
