import { generateKeyPairSync } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { isJsonObject, type JsonValue } from '../kernel/json.ts';
import { clientsSchema } from './clients-schema.ts';
import { memberNames } from './members/members.ts';
import { readClients } from './parse-clients.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const jwks = {
  keys: [
    { ...ec, kid: 'k1', use: 'sig' },
    { ...ed, kid: 'k2', alg: 'Ed25519' },
    { ...rsa, kid: 'k3' },
  ],
};
const scopes = ['https://id.oidc.se/scope/naturalPersonInfo'];

/** One client of each kind, with every member that there is. */
const registered: JsonValue = JSON.parse(
  JSON.stringify([
    {
      id: 'exempelbetal',
      name: 'Exempelbetal AB',
      authorisationNumber: 'PSDSE-FINA-00001',
      role: 'tpp',
      jwks,
      redirectUris: ['https://butik.example/tillbaka', 'http://localhost:3003/tillbaka'],
      defaultResource: 'https://api.exempelbanken.example/payments',
      consentLifetimeMinutes: 30,
      requestsPerMinute: { par: 600, token: 1 },
      dpopRequired: true,
      dpopBoundAccessTokens: false,
      requestObjectRequired: true,
      backchannel: {
        ways: ['phone', 'app', 'qr'],
        delivery: 'ping',
        notificationEndpoint: 'https://tpp.example/ping',
        returnUris: ['https://tpp.example/app', 'se.tpp.app:/return'],
      },
      phonePayment: { initiators: ['user', 'RP'] },
      phoneLogin: {},
      bindingMessageOptional: true,
      login: { scopes, userinfoSignedResponseAlg: 'PS256' },
      bankidCertificate: 'exempelbetal',
      phoneLimits: 'none',
    },
    {
      id: 'provbetal',
      name: 'Provbetal AB',
      authorisationNumber: 'PSDSE-FINA-00002',
      role: 'tpp',
      tlsClientAuth: { tls_client_auth_san_dns: 'provbetal.example' },
      redirectUris: ['https://provbetal.example/'],
    },
    {
      id: 'exempelbanken',
      name: 'Exempelbanken AB',
      authorisationNumber: 'PSDSE-FINA-00010',
      role: 'bank',
      jwks,
      encryptionJwk: { ...ec, kid: 'e1', use: 'enc' },
      resource: 'https://api.exempelbanken.example/payments',
      policy: [
        {
          name: 'large',
          amountsFrom: { SEK: '20000.00', ISK: '9000' },
          ways: ['browser', 'app'],
          requirement: { pinCode: true, mrtd: true },
          withoutDocument: { cardReader: 'class1' },
        },
        { name: 'new', maxRisk: 'low', minBankIdAgeDays: 3 },
      ],
      ledger: {
        public: true,
        witnesses: [
          {
            url: 'https://witness.exempelbanken.example',
            key: 'witness.exempelbanken.example/w1+33dac22a+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea',
          },
        ],
      },
      identityProvider: {
        issuer: 'https://login.exempelbanken.example',
        clientId: 'sigill',
        approver: { claim: 'roles', value: 'sigill-approver' },
        unnamedRequester: true,
      },
      financialYearEnd: 6,
      rpCallMaxAmounts: { SEK: '5000.00' },
    },
    { id: 'revision', name: 'Revision AB', role: 'auditor', bank: 'exempelbanken', jwks, redirectUris: [] },
    {
      id: 'butiken',
      name: 'Butiken AB',
      role: 'rp',
      jwks,
      redirectUris: ['https://butiken.example/'],
      login: { scopes, loginOnly: true },
      bankidCertificate: 'butiken',
    },
  ]),
) as JsonValue;

const accepts = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(
  Object(clientsSchema()) as object,
);

/** Whether nothing but rules that the schema cannot express is broken. */
function isWellFormed(document: unknown): boolean {
  return readClients(document, 'sandbox').faults.every(({ beyondSchema }) => beyondSchema);
}

describe('the JSON Schema of CLIENTS_FILE', () => {
  it('accepts one client of each kind with every member, and the same in an object that names the schema', () => {
    for (const document of [registered, { $schema: './clients.schema.json', clients: registered }, []]) {
      expect([accepts(document), accepts.errors]).toEqual([true, null]);
      expect(readClients(document, 'sandbox').faults).toEqual([]);
    }
    const named = new Set((registered as readonly object[]).flatMap((client) => Object.keys(client)));
    expect([...memberNames].filter((member) => !named.has(member))).toEqual([]);
  });

  it('accepts exactly what the parser accepts, but for the rules that it cannot express', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const document = changes.reduce((value, apply) => apply(value), registered);
        const isAccepted = accepts(document);
        seen[isAccepted ? 'accepted' : 'refused'] += 1;
        if (isAccepted !== isWellFormed(document)) throw new Error(`${isAccepted}: ${JSON.stringify(document)}`);
      }),
      { numRuns: 1_500 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(50);
  });
});

type Change = (value: JsonValue) => JsonValue;

const junk = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    false,
    0,
    1,
    7.5,
    61,
    '',
    'x',
    'a b',
    'default',
    'none',
    'tpp',
    'bank',
    'auditor',
    'rp',
    [],
    {},
    ['phone'],
    ['app', 'app'],
    ['qr'],
  ),
  fc.constantFrom<JsonValue>(
    'http://butik.example/#a',
    'se.app:/x',
    'HTTPS://x.example',
    'https://x.example/å',
    'poll',
    'RS256',
    'ES256',
    '0.00',
    '5.000',
    '12',
    '€'.repeat(70),
    '€'.repeat(71),
  ),
  fc.constantFrom<JsonValue>(
    { ways: ['phone'], delivery: 'poll' },
    { ways: ['qr'], delivery: 'poll' },
    { tls_client_auth_subject_dn: 'CN=x' },
    { scopes: ['openid'] },
    { mrtd: true },
    { kty: 'oct', k: 'AA', kid: 'k' },
  ),
  fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
);
const name = fc.oneof(
  fc.constantFrom(...memberNames),
  fc.constantFrom(
    'ways',
    'delivery',
    'returnUris',
    'mrtd',
    'withoutDocument',
    'USD',
    'SEK',
    'd',
    'alg',
    'colour',
    'loginOnly',
    '__proto__',
  ),
);

/** At a random place of the document, a member is set, removed or taken from elsewhere. */
const change: fc.Arbitrary<Change> = fc
  .tuple(
    fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
    junk,
    name,
    fc.constantFrom('set', 'remove', 'add', 'twice'),
  )
  .map(([path, value, member, kind]) => (document) => {
    const copy = structuredClone(document) as Mutable;
    const [parent, key] = placeOf(copy, path);
    if (Array.isArray(parent)) {
      const at = Number(key);
      if (kind === 'remove') parent.splice(at, 1);
      else if (kind === 'twice' && at in parent) parent.push(structuredClone(parent[at]) as Mutable);
      else parent[at] = structuredClone(value) as Mutable;
    } else if (kind === 'remove') Reflect.deleteProperty(parent, key);
    else
      Object.defineProperty(parent, kind === 'set' ? key : member, {
        value: structuredClone(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return copy;
  });

type Mutable = Mutable[] | { [member: string]: Mutable } | string | number | boolean | null;

/** An object or array of the document, by a walk that each number turns, and one of its keys. */
function placeOf(
  document: Mutable,
  path: readonly number[],
): readonly [Mutable[] | { [member: string]: Mutable }, string] {
  let parent = document as Mutable[] | { [member: string]: Mutable };
  let key = '0';
  for (const turn of path) {
    const keys = Object.keys(parent);
    key = keys[turn % Math.max(keys.length, 1)] ?? '0';
    const inner = (parent as Record<string, Mutable>)[key];
    const isLast = turn === path.at(-1);
    if (isLast || !(Array.isArray(inner) || isJsonObject(inner)) || Object.keys(inner).length === 0) break;
    parent = inner;
  }
  return [parent, key];
}
