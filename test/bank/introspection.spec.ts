import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { ClientId } from '../../src/kernel/ids.ts';
import { Envelope } from '../../src/vault/envelope.ts';
import { pairwiseSubject } from '../../src/vault/pairwise-subject.ts';
import { evidenceDigestOf } from '../support/evidence/accepted-evidence.ts';
import { TokenHarness, anna, payment } from '../support/token/token.ts';

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start();
});
afterAll(() => harness.stop());

describe('introspection', () => {
  it('tells the bank what its token is good for, for whom, and whose key it is bound to', async () => {
    const { tpp } = harness.parties;
    const { accessToken, consentId } = await harness.token();
    const response = await harness.introspect(accessToken);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { iat, exp, auth_time, ...rest } = response.body as Record<string, number>;
    expect(rest).toEqual({
      active: true,
      iss: harness.issuer,
      aud: 'https://api.exempelbanken.example/payments',
      client_id: tpp.id,
      sub: pairwiseSubject(harness.get(Envelope), tpp.id as ClientId, anna),
      token_type: 'DPoP',
      cnf: { jkt: await tpp.thumbprint() },
      acr: expect.any(String),
      consent_id: consentId,
      authorization_details: [{ ...payment, creditorAccount: { bankgiro: '50501055' }, consent_id: consentId }],
      evidence_digest: evidenceDigestOf(consentId).toString('base64url'),
      payer: { personalNumber: anna },
    });
    expect(exp! - iat!).toBe(300);
    expect(auth_time).toBeLessThanOrEqual(iat!);
  });

  it('has no effect: the same answer again and again, and no event', async () => {
    const { accessToken, consentId } = await harness.token();
    const events = await harness.count('audit_event');
    const first = (await harness.introspect(accessToken)).body as unknown;
    expect((await harness.introspect(accessToken)).body).toEqual(first);
    expect(await harness.count('audit_event')).toBe(events);
    expect((await harness.stateOf(consentId)).state).toBe('authorised');
  });

  it('takes two statements: one claims the assertion, one looks the token up', async () => {
    const { accessToken } = await harness.token();
    harness.counts.length = 0;
    await harness.introspect(accessToken);
    expect(harness.counts).toEqual([{ path: '/introspect', statements: 2 }]);
  });

  it('gives each of many who ask at once its own answer', async () => {
    const [one, other] = [await harness.token(), await harness.token()];
    const { otherBank } = harness.parties;
    const used = await harness.parties.bank.authentication();
    const ask = (token: string) => harness.post('/introspect', { ...used, token });
    const asked = await Promise.all([
      ...Array.from({ length: 10 }, () => harness.introspect(one.accessToken)),
      ...Array.from({ length: 10 }, () => harness.introspect(other.accessToken)),
      ...Array.from({ length: 5 }, () => harness.introspect(one.accessToken, otherBank)),
      ...Array.from({ length: 5 }, () => harness.introspect('unknown')),
    ]);
    const consents = asked.map(({ body }) => (body as { consent_id?: string }).consent_id);
    expect(consents.slice(0, 10)).toEqual(Array<string>(10).fill(one.consentId));
    expect(consents.slice(10, 20)).toEqual(Array<string>(10).fill(other.consentId));
    expect(asked.slice(20).map(({ body }) => body as unknown)).toEqual(Array(10).fill({ active: false }));
    // One assertion, many times at once: for one of them it was new.
    const repeated = await Promise.all(Array.from({ length: 20 }, () => ask(one.accessToken)));
    const statuses = repeated.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(19).fill(401)]);
  });

  it('says nothing of a token to another bank', async () => {
    const { accessToken } = await harness.token();
    expect((await harness.introspect(accessToken, harness.parties.otherBank)).body).toEqual({ active: false });
  });

  it('says nothing of unknown tokens and of machine tokens, the own ones included', async () => {
    expect((await harness.introspect('unknown')).body).toEqual({ active: false });
    const { body } = await harness.machineToken(harness.parties.bank);
    expect((await harness.introspect((body as { access_token: string }).access_token)).body).toEqual({ active: false });
  });

  it('is not for TPPs or auditors', async () => {
    const { accessToken } = await harness.token();
    for (const party of [harness.parties.tpp, harness.parties.auditor]) {
      const response = await harness.introspect(accessToken, party);
      expect(response.status).toBe(403);
      expect(response.text).not.toContain(anna);
    }
  });

  it('takes an assertion once', async () => {
    const { accessToken: token } = await harness.token();
    const credentials = await harness.parties.bank.authentication();
    expect((await harness.post('/introspect', { ...credentials, token })).body).toMatchObject({ active: true });
    const again = await harness.post('/introspect', { ...credentials, token });
    expect(again.status).toBe(401);
    expect(again.text).not.toContain(anna);
  });

  it('finds a token dead once the consent is consumed', async () => {
    const { accessToken, consentId } = await harness.token();
    await harness.db.asOwner(
      `update consent set state = 'consumed', ended_at = now(), payment_reference = 'r-1', consume_request_hash = '\\x00',
              consume_answer = '{}', execution = 'pending' where id = $1`,
      [consentId],
    );
    expect((await harness.introspect(accessToken)).body).toEqual({ active: false });
  });

  it('finds a token dead after five minutes', async () => {
    const { accessToken } = await harness.token();
    harness.clock.advance(5 * MINUTE_MS - SECOND_MS);
    expect((await harness.introspect(accessToken)).body).toMatchObject({ active: true });
    harness.clock.advance(2 * SECOND_MS);
    expect((await harness.introspect(accessToken)).body).toEqual({ active: false });
  });
});
