import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Client } from '../../../src/clients/clients.ts';
import { parseClients } from '../../../src/clients/parse-clients.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import { checkBackchannelRequest, checkRequestObject } from '../../../src/client-auth/request-object.ts';

const issuer = 'https://sigill.example';
const now = new Date('2026-11-22T12:00:00Z');
const seconds = now.getTime() / 1000;
const HOUR = 3600;

const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
const [client] = parseClients(
  [
    {
      id: 'exempelbetal',
      name: 'Exempelbetal AB',
      authorisationNumber: 'PSDSE-FINA-00001',
      role: 'tpp',
      jwks: { keys: [await exportJWK(publicKey).then((jwk) => ({ ...jwk, kid: 'one' }))] },
      backchannel: { ways: ['qr'], delivery: 'poll' },
    },
  ],
  'production',
) as [Client];

type Changes = Readonly<Record<string, unknown>>;

function sign(changes: Changes, typ?: string): Promise<string> {
  const own = {
    iss: client.id,
    aud: issuer,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 300,
    jti: 'a',
    scope: 'openid',
  };
  const header = { alg: 'ES256', kid: 'one', ...(typ === undefined ? {} : { typ }) };
  return new SignJWT({ ...own, ...changes }).setProtectedHeader(header).sign(privateKey);
}

async function refusal(changes: Changes, typ?: string): Promise<string> {
  const jwt = await sign(changes, typ);
  try {
    checkBackchannelRequest(jwt, client, issuer, now);
    return 'accepted';
  } catch (error) {
    if (error instanceof DomainError) return `${error.code}: ${error.detail ?? ''}`;
    throw error;
  }
}

describe('a signed backchannel request', () => {
  it.each<[string, Changes, string | undefined]>([
    ['without client_id, which iss says', {}, undefined],
    ['with client_id', { client_id: 'exempelbetal' }, undefined],
    ['for us among others', { aud: ['https://as.example', issuer] }, undefined],
    ['of an hour', { exp: seconds + HOUR }, undefined],
    ['by a clock that is 8 seconds ahead', { iat: seconds + 8, nbf: seconds + 8 }, undefined],
    ['typed as a request object', {}, 'oauth-authz-req+jwt'],
    ['typed as a JWT', {}, 'JWT'],
  ])('is accepted %s', async (_what, changes, typ) => {
    expect(await refusal(changes, typ)).toBe('accepted');
  });

  it.each<[string, Changes, string]>([
    ['iss', { iss: undefined }, 'iss is not the client_id'],
    ['aud', { aud: undefined }, 'aud is neither a string nor'],
    ['iat', { iat: undefined }, 'iat is missing'],
    ['nbf', { nbf: undefined }, 'nbf is missing'],
    ['exp', { exp: undefined }, 'exp is missing'],
    ['jti', { jti: undefined }, 'jti must be a string'],
    ['a jti that is text', { jti: 5 }, 'jti must be a string'],
    ['a jti of some length', { jti: '' }, 'jti must be a string'],
    ['a jti of little length', { jti: 'a'.repeat(257) }, 'jti must be a string'],
    ['its own iss', { iss: 'provbetal' }, 'iss is not the client_id'],
    ['its own client_id', { client_id: 'provbetal' }, 'client_id is not that'],
    ['our issuer as aud', { aud: `${issuer}/backchannel` }, 'aud is not the issuer'],
    ['an iat that has come', { iat: seconds + 61 }, 'iat is in the future'],
    ['an nbf that has come', { nbf: seconds + 600, exp: seconds + 900 }, 'nbf is in the future'],
    ['an nbf of this hour', { nbf: seconds - 70 * 60 }, 'nbf is more than 60 minutes ago'],
    ['an exp that is to come', { exp: seconds - 1, nbf: seconds - 60 }, 'exp has passed'],
    ['an exp within the hour', { exp: seconds + 70 * 60 }, 'exp is more than 60 minutes after nbf'],
    ['another sub than the client', { sub: 'exempelbetal' }, 'sub makes this a client assertion'],
    ['its parameters, but an object in it', { request: 'e30.e30.' }, 'request is not allowed'],
    ['its parameters, but a reference', { request_uri: 'https://tpp.example/' }, 'request_uri is not allowed'],
  ])('is refused without %s', async (_what, changes, detail) => {
    expect(await refusal(changes)).toContain(`oauth.invalid-request-object: ${detail}`);
  });

  it('is refused as a DPoP proof or a client assertion', async () => {
    for (const typ of ['dpop+jwt', 'client-authentication+jwt']) expect(await refusal({}, typ)).toContain('typ is not');
  });

  it('has an id of its own, made of client and jti', async () => {
    const { jtiHash } = checkBackchannelRequest(await sign({}), client, issuer, now);
    const same = checkRequestObject(await sign({ client_id: client.id }), client, issuer, now);
    const other = checkBackchannelRequest(await sign({ jti: 'b' }), client, issuer, now);
    expect(jtiHash).toHaveLength(32);
    expect(same.jtiHash).toEqual(jtiHash);
    expect(other.jtiHash).not.toEqual(jtiHash);
  });

  it('is not a pushed request, which must say its client_id', async () => {
    const jwt = await sign({});
    expect(() => checkRequestObject(jwt, client, issuer, now)).toThrow(DomainError);
  });
});
