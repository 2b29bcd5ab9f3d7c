import type { RawAnswer } from '../support/parties/exchange.ts';
import { Hold } from '../support/database/hold.ts';
import { TokenSteps } from '../support/token/token-steps.ts';

/** More than an instance has connections. */
const CALLERS = 30;

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ logLevel: 'fatal' });
}, 60_000);
afterAll(() => steps.stop());

interface Readiness {
  readonly status: number;
  readonly error: Readonly<Record<string, { readonly message?: string }>>;
}

async function readiness(): Promise<Readiness> {
  const response = await fetch(new URL('/health/ready', steps.tpp.issuer));
  const { error = {} } = (await response.json()) as Partial<Readiness>;
  return { status: response.status, error };
}

function refusalOf({ status, headers, body }: RawAnswer): readonly unknown[] {
  return [status, headers.get('retry-after'), body['error'] ?? body['code']];
}

describe('while a table is locked', () => {
  it('asks every caller to try again later, in the form of its route, and lets none wait for ever', async () => {
    const { token, consentId } = await steps.token();
    const held = await Hold.take(steps.database, 'lock table consent, access_token in access exclusive mode');
    const [push, introspection, read, page] = await Promise.all([
      steps.tpp.postAs('/par', steps.tpp.pushFields()),
      steps.bank.postAs('/introspect', { token }),
      steps.tpp.call(token, 'GET', `/consents/${consentId}`),
      steps.tpp.send('GET', `/authorize/${'x'.repeat(22)}/return`, { headers: { cookie: `sigill=${'x'.repeat(43)}` } }),
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
    const { token } = await steps.token();
    const held = await Hold.take(steps.database, 'lock table consent, access_token in access exclusive mode');
    const asking = Promise.all(Array.from({ length: CALLERS }, () => steps.tpp.postAs('/par', steps.tpp.pushFields())));
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
    expect(await steps.isActive(token)).toBe(true);
  });

  it('lets a proof that was not claimed be sent again', async () => {
    const { token } = await steps.token();
    const form = { ...steps.bank.credentials(await steps.bank.assertion()), token };
    const held = await Hold.take(steps.database, 'lock table claimed_proof in access exclusive mode');
    expect((await steps.bank.post('/introspect', form)).status).toBe(503);
    await held.release();
    expect((await steps.bank.post('/introspect', form)).body).toMatchObject({ active: true });
  });

  it('asks for a new assertion where the first was claimed before the table was found locked', async () => {
    const { token } = await steps.token();
    const form = { ...steps.bank.credentials(await steps.bank.assertion()), token };
    const held = await Hold.take(steps.database, 'lock table access_token in access exclusive mode');
    expect((await steps.bank.post('/introspect', form)).status).toBe(503);
    await held.release();
    expect((await steps.bank.post('/introspect', form)).body).toMatchObject({ error: 'invalid_client' });
    expect((await steps.bank.postAs('/introspect', { token })).body).toMatchObject({ active: true });
  });
});
