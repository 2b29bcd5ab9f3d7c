import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { TokenHarness, newVerifier, payment, type Signed } from './harness.ts';
import { issuer } from './party.ts';

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start();
});
afterAll(() => harness.stop());

const authorize = (requestUri: string, clientId = 'shop') =>
  harness.http.get('/authorize').query({ client_id: clientId, request_uri: requestUri });

describe('the link to the payer', () => {
  it('leads to our page by the interaction, however often it is opened, and changes nothing', async () => {
    const { requestUri, consentId } = await harness.pushed();
    const visits = [await authorize(requestUri), await authorize(requestUri), await authorize(requestUri)];
    for (const visit of visits) {
      expect(visit.status).toBe(303);
      expect(visit.headers['location']).toMatch(new RegExp(`^${issuer}/pay/[\\w-]{22}$`));
      expect(visit.headers['location']).not.toContain(consentId);
    }
    expect((await harness.stateOf(consentId)).state).toBe('awaiting-authorisation');
  });

  it('is broken for another client, an unknown reference, none, or two', async () => {
    const { requestUri } = await harness.pushed();
    expect((await authorize(requestUri, 'other-shop')).status).toBe(400);
    expect((await authorize('urn:ietf:params:oauth:request_uri:unknown')).status).toBe(400);
    expect((await harness.http.get('/authorize?client_id=shop')).status).toBe(400);
    const twice = await harness.http.get(`/authorize?client_id=shop&client_id=shop&request_uri=${requestUri}`);
    expect(twice.status).toBe(400);
    expect(twice.headers['location']).toBeUndefined();
    expect(twice.text).toContain('Länken gäller inte längre');
  });

  it('is not an open redirector: parameters that were not pushed are ignored', async () => {
    const { requestUri } = await harness.pushed();
    const { headers } = await authorize(requestUri).query({
      redirect_uri: 'https://evil.example',
      response_type: 'token',
    });
    expect(headers['location']).toMatch(new RegExp(`^${issuer}/pay/`));
  });

  it('is used up when the code is made', async () => {
    const signed = await harness.signed();
    expect((await authorize(signed.requestUri)).status).toBe(303);
    await harness.code(signed);
    expect((await authorize(signed.requestUri)).status).toBe(400);
  });

  it('is broken after 300 seconds', async () => {
    const { requestUri } = await harness.pushed();
    harness.clock.advance(301 * SECOND_MS);
    expect((await authorize(requestUri)).status).toBe(400);
  });
});

describe('the way back', () => {
  it('carries code, state and issuer, after the query that the redirect URI has of its own', async () => {
    const { status, headers } = await harness.goBack(await harness.signed());
    const location = new URL(headers['location'] ?? '');
    expect(status).toBe(303);
    expect(location.origin + location.pathname).toBe('https://butik.example/tillbaka');
    expect(Object.fromEntries(location.searchParams)).toEqual({
      order: '7',
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: 'st&te',
      iss: issuer,
    });
  });

  it('is closed to a browser without the cookie and to another browser', async () => {
    const signed = await harness.signed();
    const other = await harness.signed();
    for (const cookie of ['', other.cookie]) {
      const answer = await harness.goBack({ interactionId: signed.interactionId, cookie });
      expect(answer.status).toBe(404);
      expect(answer.headers['location']).toBeUndefined();
    }
    expect((await harness.goBack({ interactionId: 'x', cookie: signed.cookie })).status).toBe(404);
  });

  it('leads back to our page while the payer has not answered', async () => {
    const signed = await harness.signed();
    const waiting = await harness.pushed();
    const [row] = await harness.db.asOwner(
      `update consent set browser_cookie_hash = (select browser_cookie_hash from consent where id = $2)
        where id = $1 returning interaction_id`,
      [waiting.consentId, signed.consentId],
    );
    const interactionId = String(row?.['interaction_id']);
    const { headers } = await harness.goBack({ interactionId, cookie: signed.cookie });
    expect(headers['location']).toBe(`${issuer}/pay/${interactionId}`);
  });

  it.each([
    ['revoked', 'tpp', 'revoked'],
    ['expired', 'no-return', 'expired'],
  ])('of a consent that was %s carries access_denied, a neutral reason and the issuer', async (state, reason, told) => {
    const signed = await harness.signed();
    await harness.db.asOwner('update consent set state = $2, reason = $3, ended_at = now() where id = $1', [
      signed.consentId,
      state,
      reason,
    ]);
    const { status, headers } = await harness.goBack(signed);
    expect(status).toBe(303);
    expect(Object.fromEntries(new URL(headers['location'] ?? '').searchParams)).toEqual({
      order: '7',
      error: 'access_denied',
      error_description: told,
      state: 'st&te',
      iss: issuer,
    });
  });

  it('never says which factor failed', async () => {
    const { consentId } = await harness.pushed();
    const { cookie, consentId: other } = await harness.signed();
    const [row] = await harness.db.asOwner(
      `update consent set state = 'rejected', reason = 'signature', ended_at = now(),
              browser_cookie_hash = (select browser_cookie_hash from consent where id = $2)
        where id = $1 returning interaction_id`,
      [consentId, other],
    );
    const { headers } = await harness.goBack({ interactionId: String(row?.['interaction_id']), cookie });
    expect(new URL(headers['location'] ?? '').searchParams.get('error_description')).toBe('not-completed');
  });

  it('ends with a refusal when the payer came back too late', async () => {
    const signed = await harness.signed();
    harness.clock.advance(5 * MINUTE_MS + SECOND_MS);
    const { headers } = await harness.goBack(signed);
    expect(new URL(headers['location'] ?? '').searchParams.get('error')).toBe('access_denied');
  });

  it('gives a new code on a reload, and the former is dead', async () => {
    const signed = await harness.signed();
    const former = await harness.code(signed);
    const latter = await harness.code(signed);
    expect((await harness.redeem(signed, former)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await harness.redeem(signed, latter)).status).toBe(200);
  });

  it('gives no second code once the first was redeemed', async () => {
    const signed = await harness.signed();
    expect((await harness.redeem(signed, await harness.code(signed))).status).toBe(200);
    const again = await harness.goBack(signed);
    expect(again.status).toBe(400);
    expect(again.text).toContain('redan');
    expect((await harness.stateOf(signed.consentId)).state).toBe('authorised');
  });
});

describe('a code', () => {
  it('becomes one token, with the details as granted, the consent and the digest of its evidence', async () => {
    const signed = await harness.signed();
    const response = await harness.redeem(signed, await harness.code(signed));
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'DPoP',
      expires_in: 300,
      consent_id: signed.consentId,
      evidence_digest: Buffer.alloc(32, 7).toString('base64url'),
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
    ['no verifier', () => ({ code_verifier: undefined }), 'invalid_request'],
    ['a short verifier', () => ({ code_verifier: 'short' }), 'invalid_request'],
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
      ...(await signed.party.credentials()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://butik.example/tillbaka?order=7',
      code_verifier: signed.verifier,
    });
    expect((await harness.post('/token', await fields())).body).toMatchObject({ error: 'invalid_dpop_proof' });
    const elsewhere = { DPoP: await signed.party.proof('POST', '/par') };
    expect((await harness.post('/token', await fields(), elsewhere)).body).toMatchObject({
      error: 'invalid_dpop_proof',
    });
    expect((await harness.redeem(signed, code)).status).toBe(200);
  });

  it('of another client is nothing to this one, not even when it was used', async () => {
    const signed = await harness.signed();
    const code = await harness.code(signed);
    const { otherShop } = harness.parties;
    expect((await harness.redeem(signed, code, {}, otherShop)).body).toMatchObject({ error: 'invalid_grant' });
    const { body } = await harness.redeem(signed, code);
    expect((await harness.redeem(signed, code, {}, otherShop)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await harness.stateOf(signed.consentId)).state).toBe('authorised');
    expect((await harness.introspect((body as { access_token: string }).access_token)).body).toMatchObject({
      active: true,
    });
  });

  it('that was bound to a key at the push is refused with another key', async () => {
    const signed = await harness.signed({ dpop_jkt: harness.parties.bank.jkt });
    const code = await harness.code(signed);
    expect((await harness.redeem(signed, code)).body).toMatchObject({ error: 'invalid_grant' });
    const withRightKey = {
      ...(await signed.party.credentials()),
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

  it('once redeemed cannot be redeemed again even by whoever writes to the table', async () => {
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
  it('takes at most 20 statements and 3 commits, for a named payer too', async () => {
    harness.counts.length = 0;
    const signed = await harness.signed({ login_hint: 'personnummer:199001012385' });
    await authorize(signed.requestUri);
    expect((await harness.redeem(signed, await harness.code(signed))).status).toBe(200);
    const sum = (member: 'statements' | 'commits'): number =>
      harness.counts.reduce((total, count) => total + count[member], 0);
    expect(harness.counts).toHaveLength(4);
    expect(sum('statements')).toBeLessThanOrEqual(20);
    expect(sum('commits')).toBe(3);
  });

  it('leaves a trace of every step in the chain of the consent', async () => {
    const { consentId } = await harness.token();
    const events = await harness.db.asOwner('select type from audit_event where subject = $1 order by seq', [
      `consent:bank:${consentId}`,
    ]);
    expect(events.map((event) => event['type'])).toEqual(['consent.pushed', 'code.issued', 'token.issued']);
  });
});
