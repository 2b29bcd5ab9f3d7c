import { generateKeyPairSync } from 'node:crypto';
import { ConfigError } from '../config/config.ts';
import type { Environment } from '../kernel/environment.ts';
import { parseClients } from './parse-clients.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicJwk = { ...ec.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' };

const tpp = {
  id: 'exempelbetal',
  name: 'Exempelbetal AB',
  authorisationNumber: 'PSDSE-FINA-00001',
  role: 'tpp',
  jwks: { keys: [publicJwk] },
  redirectUris: ['https://butik.example/tillbaka'],
};
const bank = {
  id: 'exempelbanken',
  name: 'Exempelbanken AB',
  authorisationNumber: 'PSDSE-FINA-00010',
  role: 'bank',
  jwks: { keys: [publicJwk] },
  resource: 'https://api.exempelbanken.example/payments',
};
const auditor = { id: 'revision', name: 'Revision AB', role: 'auditor', bank: bank.id, jwks: { keys: [publicJwk] } };

function faultsOf(value: unknown, environment: Environment = 'sandbox'): readonly string[] {
  try {
    parseClients(value, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

const rsa = (modulusLength: number): object => ({
  ...generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' }),
  kid: 'r',
});

describe('CLIENTS_FILE', () => {
  it('registers a TPP without keys if it authenticates by certificate and need not sign', () => {
    const byCertificate = { ...tpp, jwks: undefined, tlsClientAuth: { tls_client_auth_subject_dn: 'CN=tpp' } };
    expect(parseClients([byCertificate], 'production')[0]?.keys).toEqual([]);
  });

  it('registers a TPP, its bank and an auditor of that bank', () => {
    const [first, second, third] = parseClients([tpp, bank, auditor], 'production');
    expect(first).toMatchObject({ role: 'tpp', consentLifetimeMinutes: 15, bank: undefined, dpopRequired: false });
    const policy = [{ name: 'risk', maxRisk: 'low' }];
    expect(parseClients([{ ...bank, policy }], 'production')).toMatchObject([{ policy }]);
    expect(second).not.toHaveProperty('policy');
    expect([first?.dpopBoundAccessTokens, first?.requestObjectRequired]).toEqual([false, false]);
    expect(parseClients([{ ...tpp, requestObjectRequired: true }], 'production')[0]?.requestObjectRequired).toBe(true);
    expect(first?.keys[0]).toMatchObject({ kid: 'k1', algorithm: 'ES256' });
    expect(second).toMatchObject({ role: 'bank', resource: bank.resource, redirectUris: [] });
    expect(third).toMatchObject({ role: 'auditor', bank: bank.id, authorisationNumber: '' });
  });

  it('lists all faults of all clients at once, by JSON pointer', () => {
    const faults = faultsOf([{ ...tpp, name: '', jwks: { keys: [] }, colour: 'red' }, { ...bank, resource: 'x' }, 7]);
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringContaining('/0/colour is unknown'),
        expect.stringContaining('/0/name '),
        expect.stringContaining('/0/jwks/keys '),
        expect.stringContaining('/1/resource '),
        expect.stringContaining('/2 must be an object'),
      ]),
    );
  });

  it.each([
    ['something that is not an array', { clients: {} }],
    ['a client registered twice', [tpp, tpp]],
    ['two banks with one resource', [bank, { ...bank, id: 'provbanken' }]],
    ['an auditor of a bank that is not registered', [auditor]],
    ['an auditor of no bank', [bank, { ...auditor, bank: undefined }]],
    ['a TPP with a bank', [bank, { ...tpp, bank: bank.id }]],
    ['a bank with redirect URIs', [{ ...bank, redirectUris: tpp.redirectUris }]],
    ['a TPP without redirect URIs', [{ ...tpp, redirectUris: [] }]],
    ['a TPP without authorisation number', [{ ...tpp, authorisationNumber: undefined }]],
    ['a TPP with the policy of a bank', [{ ...tpp, policy: [{ name: 'risk', maxRisk: 'low' }] }]],
    ['a bank with a policy that demands nothing', [{ ...bank, policy: [{ name: 'nothing' }] }]],
    ['an unknown role', [{ ...tpp, role: 'admin' }]],
    ['an id with a space', [{ ...tpp, id: 'a b' }]],
    ['a name with a line break', [{ ...tpp, name: 'Exempel\nAB' }]],
    ['a name with a bidi control', [{ ...tpp, name: 'Exempel\u202eAB' }]],
    ['a name with a Cyrillic letter', [{ ...tpp, name: 'Exеmpel AB' }]],
    ['a bank without a name', [{ ...bank, name: undefined }]],
    ['a bank with an empty name', [{ ...bank, name: '' }]],
    ['a bank whose name is a label of the signed text', [{ ...bank, name: 'Belopp: Banken' }]],
    ['a bank whose name reads like an amount', [{ ...bank, name: 'Banken 100 kr' }]],
    ['a redirect URI with a fragment', [{ ...tpp, redirectUris: ['https://butik.example/#a'] }]],
    ['a redirect URI over http elsewhere than on loopback', [{ ...tpp, redirectUris: ['http://butik.example/'] }]],
    ['a redirect URI that runs a script', [{ ...tpp, redirectUris: ['javascript:alert(1)'] }]],
    ['a lifetime of four minutes', [{ ...tpp, consentLifetimeMinutes: 4 }]],
    ['a lifetime as text', [{ ...tpp, consentLifetimeMinutes: '15' }]],
    ['dpopRequired as text', [{ ...tpp, dpopRequired: 'yes' }]],
    ['dpopBoundAccessTokens as text', [{ ...tpp, dpopBoundAccessTokens: 'yes' }]],
    ['requestObjectRequired as text', [{ ...tpp, requestObjectRequired: 'yes' }]],
    [
      'a certificate in place of keys for a TPP that must sign its requests',
      [
        {
          ...tpp,
          jwks: undefined,
          requestObjectRequired: true,
          tlsClientAuth: { tls_client_auth_subject_dn: 'CN=tpp' },
        },
      ],
    ],
    ['a private key', [{ ...tpp, jwks: { keys: [{ ...ec.privateKey.export({ format: 'jwk' }), kid: 'k1' }] } }]],
    ['a symmetric key', [{ ...tpp, jwks: { keys: [{ kty: 'oct', k: 'AAAA', kid: 'k1' }] } }]],
    ['a key by reference', [{ ...tpp, jwks: { keys: [{ ...publicJwk, x5u: 'https://keys.example' }] } }]],
    ['a key without kid', [{ ...tpp, jwks: { keys: [{ ...publicJwk, kid: undefined }] } }]],
    ['a kid used twice', [{ ...tpp, jwks: { keys: [publicJwk, publicJwk] } }]],
    ['a key for encryption', [{ ...tpp, jwks: { keys: [{ ...publicJwk, use: 'enc' }] } }]],
    ['a key for another algorithm', [{ ...tpp, jwks: { keys: [{ ...publicJwk, alg: 'RS256' }] } }]],
    ['RSA below 2048 bits', [{ ...tpp, jwks: { keys: [rsa(1024)] } }]],
    ['a point that is not on the curve', [{ ...tpp, jwks: { keys: [{ ...publicJwk, x: publicJwk.y }] } }]],
  ])('refuses %s', (_, value) => {
    expect(faultsOf(value)).not.toEqual([]);
  });

  it('may name how many requests a minute a client has, and nothing but whole numbers of what is counted', () => {
    const [client] = parseClients([{ ...tpp, requestsPerMinute: { par: 600 } }], 'production');
    expect(client?.requestsPerMinute).toEqual({ par: 600 });
    expect(faultsOf([{ ...tpp, requestsPerMinute: { par: 0, token: '9', pushes: 4 } }])).toEqual([
      expect.stringContaining('/0/requestsPerMinute/pushes is unknown; known are par'),
      expect.stringContaining('/0/requestsPerMinute/par must be a whole number'),
      expect.stringContaining('/0/requestsPerMinute/token must be a whole number'),
    ]);
    expect(faultsOf([{ ...tpp, requestsPerMinute: 5 }])).toEqual([expect.stringContaining('must be an object')]);
  });

  it('says which character of a name a payer cannot be shown, and where it stands', () => {
    const named = (name: unknown): readonly string[] => faultsOf([{ ...bank, name }]);
    expect(named('Exеmpelbanken')).toEqual([
      expect.stringContaining('/0/name cannot be shown to a payer: Character 3, U+0435,'),
    ]);
    expect(named(undefined)).toEqual([expect.stringContaining('/0/name is missing: a name of 1 to 70 characters')]);
    expect(named('“Exempelbanken” Țara')).toEqual([]);
  });

  it('may be an object that also names its JSON Schema for editors', () => {
    const document = { $schema: './clients.schema.json', clients: [tpp] };
    expect(parseClients(document, 'production')).toEqual(parseClients([tpp], 'production'));
    expect(faultsOf({ ...document, clients: [{ ...tpp, id: undefined }] })).toEqual([
      expect.stringContaining('CLIENTS_FILE /clients/0/id is missing'),
    ]);
  });

  it('says what a misspelt member is called', () => {
    const { redirectUris, ...others } = tpp;
    expect(faultsOf([{ ...others, redirect_uris: redirectUris }])).toEqual([
      'CLIENTS_FILE /0/redirect_uris is unknown; it is called redirectUris',
      expect.stringContaining('/0/redirectUris is missing'),
    ]);
  });

  it('refuses keys that were generated for the sandbox everywhere else', () => {
    const generated = [{ ...tpp, jwks: { keys: [{ ...publicJwk, kid: 'sandbox-a-1' }] } }];
    expect(faultsOf(generated, 'sandbox')).toEqual([]);
    expect(faultsOf(generated, 'bankid-test')).toEqual([
      expect.stringContaining('/0/jwks/keys/0/kid is that of a key'),
    ]);
  });

  it('names the witnesses of a bank by their address and their key as a witness', () => {
    const key = 'w.example+4a98ebc3+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea';
    const of = (...witnesses: readonly unknown[]): readonly string[] =>
      faultsOf([{ ...bank, ledger: { witnesses } }], 'production');
    const good = { url: 'https://w.example/', key };
    const [client] = parseClients([{ ...bank, ledger: { witnesses: [good] } }], 'production');
    expect(client?.ledger).toMatchObject({
      public: false,
      witnesses: [{ url: 'https://w.example', key: { name: 'w.example' } }],
    });
    expect(parseClients([bank], 'production')[0]).not.toHaveProperty('ledger');
    const at = 'CLIENTS_FILE /0/ledger/witnesses';
    expect(of({ ...good, url: 'http://localhost:1' })).toEqual([expect.stringContaining(`${at}/0/url is http`)]);
    expect(of({ ...good, url: 'https://w.example?a' })).toEqual([expect.stringContaining(`${at}/0/url has a query`)]);
    expect(of({ ...good, key: key.replace('4a98ebc3', '00000000') })).toEqual([
      expect.stringContaining(`${at}/0/key is`),
    ]);
    const logKey = 'w.example+d5f933ab+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea';
    expect(of({ ...good, key: logKey })).toEqual([expect.stringContaining(`${at}/0/key is the key of a log`)]);
    expect(of(good, { ...good, url: 'https://v.example' })).toEqual([
      expect.stringContaining(`${at} has a witness twice`),
    ]);
  });

  it('names the identity provider of a bank, and who may approve by it', () => {
    const good = {
      issuer: 'https://login.bank.example/realms/staff/',
      clientId: 'sigill',
      approver: { claim: 'roles', value: 'godkännare' },
    };
    const [client] = parseClients([{ ...bank, identityProvider: good }], 'production');
    expect(client?.identityProvider).toEqual({ ...good, unnamedRequester: false });
    expect(parseClients([bank], 'production')[0]).not.toHaveProperty('identityProvider');
    const of = (change: object): readonly string[] =>
      faultsOf([{ ...bank, identityProvider: { ...good, ...change } }], 'production').map((fault) =>
        fault.replace('CLIENTS_FILE /0/identityProvider', ''),
      );
    expect(of({ issuer: 'http://localhost:1' })).toEqual([expect.stringContaining('/issuer is http')]);
    expect(of({ issuer: 'https://login.bank.example?a' })).toEqual([expect.stringContaining('/issuer has a query')]);
    expect(of({ approver: { claim: 'roles' } })).toEqual([expect.stringContaining('/approver/value is missing')]);
    expect(of({ approver: undefined, clientId: 'a\n' })).toEqual([
      expect.stringContaining('/clientId must be'),
      expect.stringContaining('/approver is missing'),
    ]);
    expect(faultsOf([{ ...tpp, identityProvider: good }])).toEqual([
      expect.stringContaining('/identityProvider does not belong to the role tpp'),
    ]);
  });

  it('refuses a default bank that is not registered', () => {
    const client = { ...tpp, defaultResource: bank.resource };
    expect(faultsOf([client, bank])).toEqual([]);
    expect(faultsOf([client])).toEqual([expect.stringContaining('/0/defaultResource is the resource of no')]);
  });

  it('accepts loopback http outside production only', () => {
    const local = [{ ...tpp, redirectUris: ['http://localhost:3003/tillbaka'] }];
    expect(faultsOf(local, 'sandbox')).toEqual([]);
    expect(faultsOf(local, 'production')).toHaveLength(1);
  });

  it('gives each key exactly one algorithm', () => {
    const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const keys = [publicJwk, { ...rsa(2048) }, { ...ed, kid: 'e' }];
    const [client] = parseClients([{ ...tpp, jwks: { keys } }], 'sandbox');
    expect(client?.keys.map((key) => key.algorithm)).toEqual(['ES256', 'PS256', 'EdDSA']);
  });
});
