import { compactDecrypt, createRemoteJWKSet, decodeProtectedHeader, importJWK, jwtVerify, type JWTPayload } from 'jose';
import type { RawClient } from '../support/parties/raw-client.ts';
import { anna } from '../support/parties/payment.ts';
import { TokenSteps } from '../support/token/token-steps.ts';

const JWT = 'application/token-introspection+jwt';

let steps: TokenSteps;
let token: string;
beforeAll(async () => {
  steps = await TokenSteps.start();
  ({ token } = await steps.token());
}, 60_000);
afterAll(() => steps.stop());

async function ask(
  party: RawClient,
  about: string,
  accept = JWT,
): Promise<{ readonly type: string; readonly text: string }> {
  const answer = await fetch(`${steps.tpp.issuer}/introspect`, {
    method: 'POST',
    headers: { accept },
    body: new URLSearchParams({ ...party.credentials(await party.assertion()), token: about }),
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('vary')).toContain('Accept');
  return { type: (answer.headers.get('content-type') ?? '').split(';')[0] ?? '', text: await answer.text() };
}

/** What stands in an encrypted answer, once its bank has opened it. */
async function opened(jwe: string): Promise<string> {
  const { plaintext } = await compactDecrypt(jwe, await importJWK(steps.clients.bank.decryptionJwk ?? {}));
  return new TextDecoder().decode(plaintext);
}

async function verified(jws: string, audience: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${steps.tpp.issuer}/jwks`));
  const { payload } = await jwtVerify(jws, keys, {
    issuer: steps.tpp.issuer,
    audience,
    typ: 'token-introspection+jwt',
  });
  return payload;
}

describe('a signed answer', () => {
  it('is for this bank, by us, and says what the plain one says', async () => {
    const jws = await opened((await ask(steps.bank, token)).text);
    const { token_introspection: facts } = await verified(jws, steps.bank.id);
    const plain = await steps.bank.postAs('/introspect', { token });
    expect(facts).toEqual(plain.body);
    expect(facts).toMatchObject({ active: true, payer: { personalNumber: anna } });
    await expect(verified(jws, 'provbanken')).rejects.toThrow('aud');
  });

  it('cannot be taken for an access token, an id_token or an assertion', async () => {
    const jws = await opened((await ask(steps.bank, token)).text);
    expect(decodeProtectedHeader(jws)['typ']).toBe('token-introspection+jwt');
    const claims = await verified(jws, steps.bank.id);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'iat', 'iss', 'token_introspection']);
    expect((await steps.bank.call(jws, 'GET', '/consent')).status).toBe(401);
    const answer = await steps.bank.post('/introspect', { ...steps.bank.credentials(jws), token });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('never shows the payer to its carrier: encrypted for a bank with a key, left out for one without', async () => {
    const encrypted = await ask(steps.bank, token);
    expect(encrypted.type).toBe(JWT);
    expect(encrypted.text.split('.')).toHaveLength(5);
    const header = decodeProtectedHeader(encrypted.text);
    expect(header).toMatchObject({ enc: 'A256GCM', cty: 'JWT' });
    expect(JSON.stringify(header)).not.toContain(anna);
    const foreign = await ask(steps.parties.otherBank, token);
    expect(foreign.text.split('.')).toHaveLength(3);
    const { token_introspection: facts } = await verified(foreign.text, steps.parties.otherBank.id);
    expect(facts).toEqual({ active: false });
  });

  it('is opened by no other key', async () => {
    const { text } = await ask(steps.bank, token);
    await expect(
      compactDecrypt(text, await importJWK(steps.clients.otherBank.privateJwk, 'ECDH-ES')),
    ).rejects.toThrow();
  });

  it.each(['unknown', '\u0000', 'a'.repeat(5000)])('says inactive, signed, of what is no token: %#', async (about) => {
    const jws = await opened((await ask(steps.bank, about)).text);
    expect((await verified(jws, steps.bank.id))['token_introspection']).toEqual({ active: false });
  });

  it.each([
    [JWT, JWT],
    [`${JWT}, application/json;q=0.5`, JWT],
    [`application/json, ${JWT};q=0.5`, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
  ])('is given to the bank that prefers it: %s', async (accept, type) => {
    expect((await ask(steps.bank, token, accept)).type).toBe(type);
  });

  it('is not given to a TPP, nor to an auditor', async () => {
    for (const party of [steps.tpp, steps.parties.auditor]) {
      const answer = await party.postAs('/introspect', { token }, { accept: JWT });
      expect([answer.status, answer.body]).toEqual([403, expect.objectContaining({ error: 'unauthorized_client' })]);
    }
  });

  it('tells at once that a token was revoked', async () => {
    const revoked = await steps.token();
    await steps.tpp.postAs('/revoke', { token: revoked.token });
    const jws = await opened((await ask(steps.bank, revoked.token)).text);
    expect((await verified(jws, steps.bank.id))['token_introspection']).toEqual({ active: false });
  });
});
