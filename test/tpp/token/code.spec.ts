import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { findChainFaults } from '../../../src/audit/check-chain.ts';
import { parseJson } from '../../../src/crypto/json/canonical-json.ts';
import { SECOND_MS } from '../../../src/kernel/clock.ts';
import { evidenceDigestOf } from '../../support/evidence/accepted-evidence.ts';
import { TokenHarness, payment, type Signed } from '../../support/token/token.ts';
import { newVerifier } from '../../support/parties/raw-client.ts';

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start();
});
afterAll(() => harness.stop());

describe('a code', () => {
  it('becomes one token, with the details as granted, the consent and the digest of its evidence', async () => {
    const signed = await harness.signed();
    const response = await harness.redeem(signed, await harness.code(signed));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'DPoP',
      expires_in: 300,
      consent_id: signed.consentId,
      evidence_digest: evidenceDigestOf(signed.consentId).toString('base64url'),
      authorization_details: [{ ...payment, creditorAccount: { bankgiro: '50501055' }, consent_id: signed.consentId }],
    });
  });

  it('is not stored, nor is the token: only their hashes', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    const { body } = await harness.redeem(signed, code);
    const stored = await harness.db.asOwner(
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
    const signed = await harness.signed();
    const code = await harness.code(signed);
    expect((await harness.redeem(signed, code, changes(signed))).body).toMatchObject({ error });
    expect((await harness.redeem(signed, code)).status).toBe(200);
  });

  it('is refused without a proof of possession, and with a proof for another address', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    const fields = async (): Promise<Record<string, string>> => ({
      ...(await signed.party.authentication()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://butik.example/tillbaka?order=7',
      code_verifier: signed.verifier,
    });
    expect((await harness.post('/token', await fields())).body).toMatchObject({ error: 'invalid_request' });
    const elsewhere = { DPoP: await signed.party.proof('POST', '/par') };
    expect((await harness.post('/token', await fields(), elsewhere)).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
    expect((await harness.redeem(signed, code)).status).toBe(200);
  });

  it('of another client is nothing to this one, not even when it was used', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    const { otherTpp } = harness.parties;
    expect((await harness.redeem(signed, code, {}, otherTpp)).body).toMatchObject({ error: 'invalid_grant' });
    const { body } = await harness.redeem(signed, code);
    expect((await harness.redeem(signed, code, {}, otherTpp)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await harness.stateOf(signed.consentId)).state).toBe('authorised');
    expect((await harness.introspect((body as { access_token: string }).access_token)).body).toMatchObject({
      active: true,
    });
  });

  it('that was bound to a key at the push is refused with another key', async () => {
    const signed = await harness.signed({ dpop_jkt: await harness.parties.bank.thumbprint() });
    const code = await harness.code(signed);
    expect((await harness.redeem(signed, code)).body).toMatchObject({ error: 'invalid_grant' });
    const withRightKey = {
      ...(await signed.party.authentication()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://butik.example/tillbaka?order=7',
      code_verifier: signed.verifier,
    };
    const DPoP = await harness.parties.bank.proof('POST', '/token');
    expect((await harness.post('/token', withRightKey, { DPoP })).status).toBe(200);
  });

  it('is dead after 60 seconds', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    harness.clock.advance(61 * SECOND_MS);
    expect((await harness.redeem(signed, code)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('of a consent that was revoked meanwhile gives no token', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    await harness.db.asOwner(`update consent set state = 'revoked', reason = 'bank', ended_at = now() where id = $1`, [
      signed.consentId,
    ]);
    expect((await harness.redeem(signed, code)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('presented again by its own client ends its token and the consent', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    const { body } = await harness.redeem(signed, code);
    const { access_token: token } = body as { access_token: string };
    expect((await harness.introspect(token)).body).toMatchObject({ active: true });
    expect((await harness.redeem(signed, code)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await harness.introspect(token)).body).toEqual({ active: false });
    expect(await harness.stateOf(signed.consentId)).toEqual({ state: 'revoked', reason: 'code-reused' });
  });

  it('redeemed fifty times at the same moment gives one token', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    const answers = await Promise.all(Array.from({ length: 50 }, () => harness.redeem(signed, code)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(49);
    const tokens = await harness.db.asOwner('select 1 from access_token where consent_id = $1', [signed.consentId]);
    expect(tokens).toHaveLength(1);
  });

  it('redeemed while the browser reloads the way back is redeemed or refused, and never an error of ours', async () => {
    for (let round = 0; round < 5; round += 1) {
      const signed = await harness.signed();
      const code = await harness.code(signed);
      const races = Array.from({ length: 6 }, (_, i) =>
        i % 2 ? harness.goBack(signed) : harness.redeem(signed, code),
      );
      const statuses = (await Promise.all(races)).map((answer) => answer.status);
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
    }
  });

  it('once redeemed cannot be redeemed again even by a login that writes to the table', async () => {
    const signed = await harness.signed();
    await harness.redeem(signed, await harness.code(signed));
    await expect(
      harness.db.asOwner('update authorization_request set code_used_at = null where consent_id = $1', [
        signed.consentId,
      ]),
    ).rejects.toThrow('never changes');
  });
});

describe('from push to token', () => {
  it('takes six statements, of which three make something and two claim proofs, for a named payer too', async () => {
    harness.counts.length = 0;
    const signed = await harness.signed({ login_hint: 'personnummer:199001012385' });
    await harness.visit(`/authorize?client_id=${signed.party.id}&request_uri=${signed.requestUri}`);
    expect((await harness.redeem(signed, await harness.code(signed))).status).toBe(200);
    expect(harness.counts).toHaveLength(4);
    expect(harness.counts.reduce((total, { statements }) => total + statements, 0)).toBe(6);
  });

  it('leaves a trace of every step in the chain of the consent', async () => {
    const { consentId } = await harness.token();
    const subject = `consent:${harness.parties.bank.id}:${consentId}`;
    const events = await harness.get(AuditTrail).listEvents(subject);
    const told = events.map(({ event }) => parseJson(Buffer.from(event), 'canonical') as { type: string });
    expect(told.map(({ type }) => type)).toEqual(['consent.pushed', 'code.issued', 'token.issued']);
    expect(findChainFaults(events)).toEqual([]);
  });
});
