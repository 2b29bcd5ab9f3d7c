import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { DomainError } from '../kernel/errors.ts';
import { ASSERTION_TYPE, checkClientAssertion, type AuthenticatedClient } from './client-assertion.ts';
import { Clients } from '../clients/clients.ts';
import { parseClients } from '../clients/parse-clients.ts';

const issuer = 'https://sigill.example';
const now = new Date('2026-11-22T12:00:00Z');
const seconds = now.getTime() / 1000;

const first = await generateKeyPair('ES256', { extractable: true });
const second = await generateKeyPair('ES256', { extractable: true });
const clients = new Clients(
  parseClients(
    [
      {
        id: 'exempelbetal',
        name: 'Exempelbetal AB',
        authorisationNumber: 'PSDSE-FINA-00001',
        role: 'tpp',
        jwks: {
          keys: [
            { ...(await exportJWK(first.publicKey)), kid: 'one' },
            { ...(await exportJWK(second.publicKey)), kid: 'two' },
          ],
        },
        redirectUris: ['https://butik.example/'],
      },
    ],
    'production',
  ),
);

interface Parts {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly signer?: CryptoKey;
  readonly clientId?: string;
  readonly type?: string;
}

async function assertion({ claims = {}, header = {}, signer = first.privateKey }: Parts): Promise<string> {
  const payload = { iss: 'exempelbetal', sub: 'exempelbetal', aud: issuer, jti: 'a', exp: seconds + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(signer);
}

async function authenticate(parts: Parts): Promise<AuthenticatedClient> {
  const form = {
    clientId: parts.clientId ?? 'exempelbetal',
    assertionType: parts.type ?? ASSERTION_TYPE,
    assertion: await assertion(parts),
  };
  return checkClientAssertion(form, clients, () => [issuer], now);
}

async function check(parts: Parts): Promise<string> {
  try {
    return (await authenticate(parts)).client.id;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('a client assertion', () => {
  it.each<[string, Parts]>([
    ['as the client libraries make it', {}],
    ['by the second key', { header: { kid: 'two' }, signer: second.privateKey }],
    ['typed as a JWT', { header: { typ: 'JWT' } }],
    ['issued 10 seconds ahead of our clock', { claims: { iat: seconds + 10, nbf: seconds + 10 } }],
  ])('authenticates %s', async (_, parts) => {
    expect(await check(parts)).toBe('exempelbetal');
  });

  it.each<[string, Parts]>([
    ['another assertion type', { type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }],
    ['the token endpoint as aud', { claims: { aud: `${issuer}/token` } }],
    ['the PAR endpoint as aud', { claims: { aud: `${issuer}/par` } }],
    ['our issuer in an array as aud', { claims: { aud: [issuer] } }],
    ['no aud', { claims: { aud: undefined as unknown as string } }],
    ['no sub', { claims: { sub: undefined as unknown as string } }],
    ['no iss', { claims: { iss: undefined as unknown as string } }],
    ['iss and sub that differ', { claims: { iss: 'provbetal' } }],
    ['a client_id of another', { clientId: 'provbetal' }],
    ['an unknown client', { claims: { iss: 'nobody', sub: 'nobody' }, clientId: 'nobody' }],
    ['no exp', { claims: { exp: undefined as unknown as number } }],
    ['an exp that has passed', { claims: { exp: seconds } }],
    ['an exp five minutes ago', { claims: { exp: seconds - 300 } }],
    ['an exp an hour ahead', { claims: { exp: seconds + 3600 } }],
    ['an iat more than a minute ahead', { claims: { iat: seconds + 61 } }],
    ['an nbf more than a minute ahead', { claims: { nbf: seconds + 61 } }],
    ['no jti', { claims: { jti: undefined as unknown as string } }],
    ['an empty jti', { claims: { jti: '' } }],
    ['the other key', { signer: second.privateKey }],
    ['no kid where there are two keys', { header: { kid: undefined } }],
    ['an unknown kid', { header: { kid: 'three' } }],
    ['the type of a DPoP proof', { header: { typ: 'dpop+jwt' } }],
    ['an extension that must be understood', { header: { b64: true, crit: ['b64'] } }],
  ])('is refused with %s', async (_, parts) => {
    expect(await check(parts)).toBe('client.assertion-invalid');
  });

  it('is refused with RS256 and HS256, whatever key signed', async () => {
    const rsa = await generateKeyPair('RS256');
    expect(await check({ header: { alg: 'RS256' }, signer: rsa.privateKey })).toBe('client.assertion-invalid');
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(first.publicKey)));
    const forged = await new SignJWT({
      iss: 'exempelbetal',
      sub: 'exempelbetal',
      aud: issuer,
      jti: 'a',
      exp: seconds + 60,
    })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(secret);
    const form = { clientId: undefined, assertionType: ASSERTION_TYPE, assertion: forged };
    expect(() => checkClientAssertion(form, clients, () => [issuer], now)).toThrow(DomainError);
  });

  it.each<[string, Parts, number]>([
    ['30 seconds before iat', { claims: { iat: seconds } }, seconds - 30],
    ['30 seconds before nbf, if that is later', { claims: { iat: seconds - 20, nbf: seconds } }, seconds - 30],
    ['10 minutes before exp, without either', { claims: { exp: seconds + 60 } }, seconds - 540],
    ['10 minutes before exp, if that is later', { claims: { iat: seconds - 700, exp: seconds + 60 } }, seconds - 540],
  ])('cannot have been used earlier than %s', async (_, parts, from) => {
    const { replay } = await authenticate(parts);
    expect(replay?.acceptableFrom).toEqual(new Date(from * 1000));
  });

  it('is refused when it is not a JWT or missing', () => {
    for (const text of [undefined, '', 'a.b.c', 'no jwt', 'e30.e30.']) {
      const form = { clientId: undefined, assertionType: ASSERTION_TYPE, assertion: text };
      expect(() => checkClientAssertion(form, clients, () => [issuer], now)).toThrow(DomainError);
    }
  });
});
