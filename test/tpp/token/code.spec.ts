import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { findChainFaults } from '../../../src/audit/check-chain.ts';
import { parseJson } from '../../../src/crypto/json/canonical-json.ts';
import { SECOND_MS } from '../../../src/kernel/clock.ts';
import { TokenSteps, type Signed } from '../../support/token/token-steps.ts';
import { StatementCounts } from '../../support/logs/statement-counts.ts';
import { atRest, callback, payment } from '../../support/system/system.ts';
import { newVerifier, type Fields } from '../../support/parties/raw-client.ts';

const counts = new StatementCounts();
let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ ...atRest, modules: [counts.module] });
});
afterAll(() => steps.stop());

describe('a code', () => {
  it('becomes one token, with the details as granted, the consent and the digest of its evidence', async () => {
    const signed = await steps.signed();
    const response = await steps.redeem({ ...signed, code: await steps.code(signed) });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'DPoP',
      expires_in: 300,
      consent_id: signed.consentId,
      evidence_digest: await steps.evidenceDigestOf(signed.consentId),
      authorization_details: [{ ...payment, creditorAccount: { bankgiro: '50501055' }, consent_id: signed.consentId }],
    });
  });

  it('is not stored, nor is the token: only their hashes', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    const { body } = await steps.redeem({ ...signed, code });
    const stored = await steps.database.asOwner(
      `select (select string_agg(r::text, '') from authorization_request r) || (select string_agg(t::text, '') from access_token t) as all`,
    );
    const text = String(stored[0]?.['all']);
    for (const secret of [code, (body as { access_token: string }).access_token]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
    }
  });

  it.each<[string, (signed: Signed) => Record<string, string | undefined>, string]>([
    ['a wrong verifier', () => ({ code_verifier: newVerifier() }), 'invalid_grant'],
    ['no verifier', () => ({ code_verifier: undefined }), 'invalid_grant'],
    ['a short verifier', () => ({ code_verifier: 'short' }), 'invalid_grant'],
    ['another redirect_uri', () => ({ redirect_uri: 'https://butik.example/' }), 'invalid_grant'],
    ['no redirect_uri', () => ({ redirect_uri: undefined }), 'invalid_request'],
    ['an unknown code', () => ({ code: newVerifier() }), 'invalid_grant'],
    ['no code', () => ({ code: undefined }), 'invalid_request'],
    ['an unknown grant type', () => ({ grant_type: 'password' }), 'unsupported_grant_type'],
    ['no grant type', () => ({ grant_type: undefined }), 'invalid_request'],
  ])('is refused with %s, and stays good for the right request', async (_, changes, error) => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    expect((await steps.redeem({ ...signed, code }, changes(signed))).body).toMatchObject({ error });
    expect((await steps.redeem({ ...signed, code })).status).toBe(200);
  });

  it.each<[string, (signed: Signed) => Record<string, string | undefined>, string]>([
    ['a wrong verifier', () => ({ code_verifier: newVerifier() }), '/code_verifier: This is not the verifier'],
    ['no verifier', () => ({ code_verifier: undefined }), '/code_verifier: This parameter is missing.'],
    ['a short verifier', () => ({ code_verifier: 'short' }), '/code_verifier: 43 to 128 letters'],
    ['another redirect_uri', () => ({ redirect_uri: 'https://butik.example/' }), '/redirect_uri: This is not the'],
    ['an unknown code', () => ({ code: newVerifier() }), '/code: This code is unknown'],
  ])('is refused with %s, and its client is told so', async (_, changes, description) => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    const { body } = await steps.redeem({ ...signed, code }, changes(signed));
    expect(body).toEqual({
      error: 'invalid_grant',
      error_description: expect.stringContaining(description),
      error_uri: `${steps.tpp.issuer}/problems/grant.invalid`,
    });
  });

  it('says to another client, whatever is wrong with it, what an unknown code says', async () => {
    const { otherTpp } = steps.parties;
    const told = async (code: string, signed: Signed, changes: Fields = {}): Promise<string> => {
      const answer = await steps.redeem({ ...signed, code, party: otherTpp }, changes);
      return `${answer.status} ${answer.text}`;
    };
    const [fresh, used, late] = [await steps.signed(), await steps.signed(), await steps.signed()];
    const lateCode = await steps.code(late);
    steps.advance(61 * SECOND_MS);
    const [freshCode, usedCode] = [await steps.code(fresh), await steps.code(used)];
    expect((await steps.redeem({ ...used, code: usedCode })).status).toBe(200);
    const unknown = await told(newVerifier(), fresh);
    expect(unknown).toContain('/code: This code is unknown');
    expect([
      await told(freshCode, fresh),
      await told(freshCode, fresh, { redirect_uri: 'https://butik.example/' }),
      await told(freshCode, fresh, { code_verifier: newVerifier() }),
      await told(usedCode, used),
      await told(lateCode, late),
    ]).toEqual(Array.from({ length: 5 }, () => unknown));
    expect((await steps.redeem({ ...fresh, code: freshCode })).status).toBe(200);
  });

  it('that was replaced by a reload says that it is unknown', async () => {
    const signed = await steps.signed();
    const first = await steps.code(signed);
    await steps.code(signed);
    expect((await steps.redeem({ ...signed, code: first })).body['error_description']).toBe(
      '/code: This code is unknown, or a later one has replaced it.',
    );
  });

  it('is refused without a proof of possession, and with a proof for another address', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    const fields = async (): Promise<Record<string, string>> => ({
      ...(await signed.party.authentication()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: signed.codeVerifier,
    });
    expect((await steps.tpp.post('/token', await fields())).body).toMatchObject({ error: 'invalid_request' });
    const elsewhere = { DPoP: await signed.party.proof('POST', '/par') };
    expect((await steps.tpp.post('/token', await fields(), elsewhere)).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
    expect((await steps.redeem({ ...signed, code })).status).toBe(200);
  });

  it('gives another client nothing, and is not ended by its try, neither before nor after it is redeemed', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    const { otherTpp } = steps.parties;
    expect((await steps.redeem({ ...signed, code, party: otherTpp })).body).toMatchObject({ error: 'invalid_grant' });
    const { body } = await steps.redeem({ ...signed, code });
    expect((await steps.redeem({ ...signed, code, party: otherTpp })).body).toMatchObject({ error: 'invalid_grant' });
    expect((await steps.stateOf(signed.consentId)).state).toBe('authorised');
    expect((await steps.introspect((body as { access_token: string }).access_token)).body).toMatchObject({
      active: true,
    });
  });

  it('that was bound to a key at the push is refused with another key', async () => {
    const [codeVerifier, state] = [newVerifier(), 'order-7'];
    const fields = { ...steps.tpp.pushFields(payment, codeVerifier), state, dpop_jkt: await steps.bank.thumbprint() };
    const answer = await steps.tpp.post('/par', { ...fields, ...(await steps.tpp.authentication()) });
    const pushed = steps.tpp.pushed(answer, { codeVerifier, state });
    const signed = { ...(await steps.sign(pushed)), party: steps.tpp };
    const code = await steps.code(signed);
    expect((await steps.redeem({ ...signed, code })).body).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('bound to another key'),
    });
    const withRightKey = {
      ...(await signed.party.authentication()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: signed.codeVerifier,
    };
    const DPoP = await steps.bank.proof('POST', '/token');
    expect((await steps.tpp.post('/token', withRightKey, { DPoP })).status).toBe(200);
  });

  it('is dead after 60 seconds', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    steps.advance(61 * SECOND_MS);
    expect((await steps.redeem({ ...signed, code })).body).toMatchObject({
      error: 'invalid_grant',
      error_description: '/code: This code has expired: it is valid for 60 seconds.',
    });
  });

  it('of a consent that was revoked meanwhile gives no token', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    await steps.database.asOwner(
      `update consent set state = 'revoked', reason = 'bank', ended_at = now() where id = $1`,
      [signed.consentId],
    );
    expect((await steps.redeem({ ...signed, code })).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('presented again by its own client ends its token and the consent', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    const { body } = await steps.redeem({ ...signed, code });
    const { access_token: token } = body as { access_token: string };
    expect((await steps.introspect(token)).body).toMatchObject({ active: true });
    expect((await steps.redeem({ ...signed, code })).body).toMatchObject({
      error: 'invalid_grant',
      error_description: '/code: This code has been used before, so its token has been revoked.',
    });
    expect((await steps.introspect(token)).body).toEqual({ active: false });
    expect(await steps.stateOf(signed.consentId)).toEqual({ state: 'revoked', reason: 'code-reused' });
  });

  it('redeemed fifty times at the same moment gives one token', async () => {
    const signed = await steps.signed();
    const code = await steps.code(signed);
    const answers = await Promise.all(Array.from({ length: 50 }, () => steps.redeem({ ...signed, code })));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(49);
    const tokens = await steps.database.asOwner('select 1 from access_token where consent_id = $1', [signed.consentId]);
    expect(tokens).toHaveLength(1);
  });

  it('redeemed while the browser reloads the way back is redeemed or refused, and never an error of ours', async () => {
    for (let round = 0; round < 5; round += 1) {
      const signed = await steps.signed();
      const code = await steps.code(signed);
      const races = Array.from({ length: 6 }, (_, i) =>
        i % 2 ? steps.goBack(signed) : steps.redeem({ ...signed, code }),
      );
      const statuses = (await Promise.all(races)).map((answer) => answer.status);
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
    }
  });

  it('once redeemed cannot be redeemed again even by a login that writes to the table', async () => {
    const signed = await steps.signed();
    await steps.redeem({ ...signed, code: await steps.code(signed) });
    await expect(
      steps.database.asOwner('update authorization_request set code_used_at = null where consent_id = $1', [
        signed.consentId,
      ]),
    ).rejects.toThrow('never changes');
  });
});

describe('from push to token', () => {
  it('takes six statements, of which three make something and two claim proofs, for a named payer too', async () => {
    counts.clear();
    const signed = await steps.signed({ login_hint: 'personnummer:199001012385' });
    expect((await steps.redeem({ ...signed, code: await steps.code(signed) })).status).toBe(200);
    expect(counts.requests).toHaveLength(4);
    expect(counts.total).toBe(6);
  });

  it('leaves a trace of every step in the chain of the consent', async () => {
    const { consentId } = await steps.token();
    const subject = `consent:${steps.bank.id}:${consentId}`;
    const events = await steps.get(AuditTrail).listEvents(subject);
    const told = events.map(({ event }) => parseJson(Buffer.from(event), 'canonical') as { type: string });
    expect(told.map(({ type }) => type)).toEqual([
      'consent.pushed',
      'browser.bound',
      'order.requested',
      'consent.authorised',
      'code.issued',
      'token.issued',
    ]);
    expect(findChainFaults(events)).toEqual([]);
  });
});
