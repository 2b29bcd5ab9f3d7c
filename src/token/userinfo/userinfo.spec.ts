import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { compactDecrypt, createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { AuditEvent, AuditTrail } from '../../audit/audit-trail.ts';
import type { Caller } from '../../client-auth/access.ts';
import { Clients, type Client } from '../../clients/clients.ts';
import type { AppConfig, SigningKeyConfig } from '../../config/config.ts';
import { Secret } from '../../kernel/secret.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import type { AuthenticatedLogin } from '../../login/login.ts';
import type { Authentications } from '../../login/authentications.ts';
import { IdTokens } from '../token/id-tokens.ts';
import { SignedUserinfo } from './signed-userinfo.ts';
import { UserinfoService } from './userinfo.service.ts';

const NUMBER = 'https://id.oidc.se/claim/personalIdentityNumber';
const now = new Date('2026-11-30T12:00:00Z');
const clock = { now: () => now };
const loginAcr = { phone: 'urn:phone', other: 'urn:other' };
const config = { issuer: 'https://sigill.example', loginAcr } as AppConfig;

const signing = (jwk: JsonWebKey, alg: SigningKeyConfig['alg']): SigningKeyConfig => ({
  kid: alg,
  alg,
  purpose: 'tokens',
  privateJwk: new Secret(jwk),
});
const keys = new SigningKeys([
  signing(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), 'ES256'),
  signing(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), 'PS256'),
]);
const jwks = createLocalJWKSet(keys.jwks());
const reader = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const login = {
  loginId: '0b1c6a52-7c2f-4a6c-9e0e-3b1c1f1f9a77',
  clientId: 'shop',
  subject: 'pseudonym',
  signedAt: new Date('2026-11-30T11:59:00Z'),
  channel: { way: 'browser' },
  scopes: ['openid', 'https://id.oidc.se/scope/naturalPersonInfo', 'https://id.oidc.se/scope/naturalPersonNumber'],
  claims: { userinfo: {}, id_token: { name: null } },
  nonce: 'n-1',
  person: { personalNumber: '191212121212', name: 'Tolvan Tolvansson', givenName: 'Tolvan', surname: 'Tolvansson' },
} as unknown as AuthenticatedLogin;

type Registered = Pick<Client, 'encryptionKey' | 'login'>;
const client = (registered: Partial<Registered>): Client =>
  ({ id: 'shop', keys: [], ...registered }) as unknown as Client;
const signed = (alg: 'ES256' | 'PS256' | 'EdDSA'): NonNullable<Client['login']> => ({
  scopes: [],
  loginOnly: false,
  userinfoSignedResponseAlg: alg,
});
const encryptionKey = { kid: 'enc', algorithm: 'ECDH-ES', key: reader.publicKey } as const;

function userinfo(registered: Client, events: AuditEvent[] = []): Promise<{ type: string; body: string }> {
  const clients = new Clients([registered]);
  const found = { findAuthenticated: () => Promise.resolve(login) } as unknown as Authentications;
  const audit = {
    appendStandalone: (_: string, event: AuditEvent) => {
      events.push(event);
      return Promise.resolve();
    },
  } as unknown as AuditTrail;
  const service = new UserinfoService(found, clients, new SignedUserinfo(keys, clock, config, clients), audit, clock);
  return service.read({ loginId: login.loginId, clientId: 'shop' } as Caller);
}

const idToken = (registered: Client): Promise<string> =>
  new IdTokens(keys, config).issueForLogin(login, registered, now);

async function decrypted(jwe: string): Promise<string> {
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, reader.privateKey);
  expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'enc', cty: 'JWT' });
  return Buffer.from(plaintext).toString('ascii');
}

describe('an answer of /userinfo', () => {
  it('is JSON with all that was asked for', async () => {
    const { type, body } = await userinfo(client({}));
    const told: Readonly<Record<string, string>> = {
      sub: 'pseudonym',
      name: 'Tolvan Tolvansson',
      given_name: 'Tolvan',
      family_name: 'Tolvansson',
      birthdate: '1912-12-12',
      [NUMBER]: '191212121212',
    };
    expect([type, JSON.parse(body)]).toEqual(['application/json', told]);
  });

  it.each(['ES256', 'PS256'] as const)(
    'is signed by %s for a client that is registered so, without the number',
    async (alg) => {
      const { type, body } = await userinfo(client({ login: signed(alg) }));
      const options = { issuer: config.issuer, audience: 'shop', currentDate: now };
      const { payload, protectedHeader } = await jwtVerify(body, jwks, options);
      expect([type, protectedHeader.alg, payload['name']]).toEqual(['application/jwt', alg, 'Tolvan Tolvansson']);
      expect(payload).not.toHaveProperty('exp');
      expect(JSON.stringify(payload)).not.toContain('191212121212');
    },
  );

  it('holds the number where it is encrypted around the signature', async () => {
    const { type, body } = await userinfo(client({ login: signed('ES256'), encryptionKey }));
    const { payload } = await jwtVerify(await decrypted(body), jwks, { currentDate: now });
    expect([type, payload[NUMBER]]).toEqual(['application/jwt', '191212121212']);
  });

  it('is recorded with the names of its claims, and none of their values', async () => {
    const events: AuditEvent[] = [];
    await userinfo(client({}), events);
    expect(events).toEqual([
      {
        type: 'login.userinfo-read',
        at: now,
        actor: 'shop',
        detail: { claims: ['birthdate', 'family_name', 'given_name', NUMBER, 'name', 'sub'] },
      },
    ]);
  });

  it('keeps a service from starting that has no key of the algorithm', () => {
    const clients = new Clients([client({ login: signed('EdDSA') })]);
    expect(() => new SignedUserinfo(keys, clock, config, clients)).toThrow('the client shop is registered for EdDSA');
  });
});

describe('the id_token of a login', () => {
  it('says how and when the person was identified, and what was asked for by name', async () => {
    expect(decodeJwt(await idToken(client({})))).toEqual({
      iss: config.issuer,
      sub: 'pseudonym',
      aud: 'shop',
      iat: 1_796_040_000,
      exp: 1_796_040_300,
      auth_time: 1_796_039_940,
      nonce: 'n-1',
      acr: 'urn:other',
      amr: ['mfa'],
      name: 'Tolvan Tolvansson',
    });
  });

  it('holds the number only where it is encrypted', async () => {
    const jwe = await idToken(client({ encryptionKey }));
    expect(decodeProtectedHeader(jwe).enc).toBe('A256GCM');
    const { payload } = await jwtVerify(await decrypted(jwe), jwks, { currentDate: now });
    expect(payload[NUMBER]).toBe('191212121212');
  });
});
