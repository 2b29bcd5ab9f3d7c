import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { ClientId } from '../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../src/kernel/personal-number.ts';
import { Envelope } from '../../src/vault/envelope.ts';
import { pairwiseSubject } from '../../src/vault/pairwise-subject.ts';
import { TokenSteps } from '../support/token/token-steps.ts';
import { StatementCounts } from '../support/logs/statement-counts.ts';
import { atRest, anna, payment } from '../support/system/system.ts';

const counts = new StatementCounts();
let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ ...atRest, modules: [counts.module] });
});
afterAll(() => steps.stop());

describe('introspection', () => {
  it('tells the bank what its token is good for, for whom, and whose key it is bound to', async () => {
    const { tpp } = steps.parties;
    const { token, consentId } = await steps.token();
    const response = await steps.introspect(token);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { iat, exp, auth_time, ...rest } = response.body as Record<string, number>;
    expect(rest).toEqual({
      active: true,
      iss: steps.tpp.issuer,
      aud: 'https://api.exempelbanken.example/payments',
      client_id: tpp.id,
      sub: pairwiseSubject(steps.get(Envelope), tpp.id as ClientId, anna as PersonalNumber),
      token_type: 'DPoP',
      cnf: { jkt: await tpp.thumbprint() },
      acr: expect.any(String),
      consent_id: consentId,
      authorization_details: [{ ...payment, creditorAccount: { bankgiro: '50501055' }, consent_id: consentId }],
      evidence_digest: await steps.evidenceDigestOf(consentId),
      payer: { personalNumber: anna },
    });
    expect(exp! - iat!).toBe(300);
    expect(auth_time).toBeLessThanOrEqual(iat!);
  });

  it('has no effect: the same answer again and again, and no event', async () => {
    const { token, consentId } = await steps.token();
    const events = await steps.count('audit_event');
    const first = (await steps.introspect(token)).body as unknown;
    expect((await steps.introspect(token)).body).toEqual(first);
    expect(await steps.count('audit_event')).toBe(events);
    expect((await steps.stateOf(consentId)).state).toBe('authorised');
  });

  it('takes two statements: one claims the assertion, one looks the token up', async () => {
    const { token } = await steps.token();
    counts.clear();
    await steps.introspect(token);
    expect(counts.requests).toEqual([{ path: '/introspect', statements: 2 }]);
  });

  it('gives each of many who ask at once its own answer', async () => {
    const [one, other] = [await steps.token(), await steps.token()];
    const { otherBank } = steps.parties;
    const used = await steps.bank.authentication();
    const ask = (token: string) => steps.tpp.post('/introspect', { ...used, token });
    const asked = await Promise.all([
      ...Array.from({ length: 10 }, () => steps.introspect(one.token)),
      ...Array.from({ length: 10 }, () => steps.introspect(other.token)),
      ...Array.from({ length: 5 }, () => steps.introspect(one.token, otherBank)),
      ...Array.from({ length: 5 }, () => steps.introspect('unknown')),
    ]);
    const consents = asked.map(({ body }) => (body as { consent_id?: string }).consent_id);
    expect(consents.slice(0, 10)).toEqual(Array<string>(10).fill(one.consentId));
    expect(consents.slice(10, 20)).toEqual(Array<string>(10).fill(other.consentId));
    expect(asked.slice(20).map(({ body }) => body as unknown)).toEqual(Array(10).fill({ active: false }));
    // One assertion, many times at once: for one of them it was new.
    const repeated = await Promise.all(Array.from({ length: 20 }, () => ask(one.token)));
    const statuses = repeated.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(19).fill(401)]);
  });

  it('says nothing of a token to another bank', async () => {
    const { token } = await steps.token();
    expect((await steps.introspect(token, steps.parties.otherBank)).body).toEqual({ active: false });
  });

  it('says nothing of unknown tokens and of machine tokens, the own ones included', async () => {
    expect((await steps.introspect('unknown')).body).toEqual({ active: false });
    const { body } = await steps.bank.askForToken();
    expect((await steps.introspect((body as { access_token: string }).access_token)).body).toEqual({ active: false });
  });

  it('is refused to a TPP and to an auditor', async () => {
    const { token } = await steps.token();
    for (const party of [steps.tpp, steps.parties.auditor]) {
      const response = await steps.introspect(token, party);
      expect(response.status).toBe(403);
      expect(response.text).not.toContain(anna);
    }
  });

  it('takes an assertion once', async () => {
    const { token } = await steps.token();
    const credentials = await steps.bank.authentication();
    expect((await steps.tpp.post('/introspect', { ...credentials, token })).body).toMatchObject({ active: true });
    const again = await steps.tpp.post('/introspect', { ...credentials, token });
    expect(again.status).toBe(401);
    expect(again.text).not.toContain(anna);
  });

  it('finds a token dead once the consent is consumed', async () => {
    const { token, consentId } = await steps.token();
    await steps.database.asOwner(
      `update consent set state = 'consumed', ended_at = now(), payment_reference = 'r-1', consume_request_hash = '\\x00',
              consume_answer = '{}', execution = 'pending' where id = $1`,
      [consentId],
    );
    expect((await steps.introspect(token)).body).toEqual({ active: false });
  });

  it('finds a token dead after five minutes', async () => {
    const { token } = await steps.token();
    steps.advance(5 * MINUTE_MS - SECOND_MS);
    expect((await steps.introspect(token)).body).toMatchObject({ active: true });
    steps.advance(2 * SECOND_MS);
    expect((await steps.introspect(token)).body).toEqual({ active: false });
  });
});
