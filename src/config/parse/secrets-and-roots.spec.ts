import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigFixture, faultsOf, signingJwks } from '../../../test/support/config/config-fixture.ts';
import { itUnless } from '../../../test/support/skipping.ts';
import { readFileWithMode } from '../load-config.ts';
import { parseConfig } from '../parse-config.ts';

const samples = new URL('../../../../shared/samples/roots/', import.meta.url);
const vectors = new URL('../../../test/support/config/', import.meta.url);

let fixture: ConfigFixture;

beforeAll(async () => {
  fixture = await ConfigFixture.create();
});
afterAll(() => fixture.remove());

describe('roots', () => {
  const test = fileURLToPath(new URL('Test_BankID_Root_CA_v1_Test.pem', samples));
  const withRoots = itUnless(existsSync(test) ? undefined : '../shared/samples is not here');

  withRoots("takes BankID's test signature root for bankid-test, and nowhere else", () => {
    const roots = (changes: Record<string, string | undefined>): readonly string[] =>
      faultsOf(fixture.production({ BANKID_SIGNATURE_ROOT_FILE: test, ...changes })).filter((text) =>
        text.includes('_SIGNATURE_'),
      );
    expect(roots({ SIGILL_ENV: 'bankid-test' })).toEqual([]);
    expect(roots({ SIGILL_ENV: 'production' })).toEqual([
      expect.stringContaining('that is not the root of production'),
    ]);
    expect(faultsOf({ ...fixture.sandbox, BANKID_SIGNATURE_ROOT_FILE: test })).toHaveLength(1);
    expect(faultsOf(fixture.production({ BANKID_TLS_ROOT_FILE: test }))).toContainEqual(
      expect.stringContaining("which is BankID's signature root"),
    );
  });

  it('takes exactly one certificate', () => {
    const twice = readFileSync(fixture.sandbox['BANKID_TLS_ROOT_FILE']!, 'utf8').repeat(2);
    expect(faultsOf({ ...fixture.sandbox, BANKID_TLS_ROOT_FILE: fixture.file('two.pem', twice) })).toHaveLength(1);
    expect(faultsOf({ ...fixture.sandbox, BANKID_TLS_ROOT_FILE: fixture.file('none.pem', 'x') })).toHaveLength(1);
  });
});

describe('secrets', () => {
  it('may each stand in a file, with or without a last line break', () => {
    const { DATABASE_URL, ...others } = fixture.sandbox;
    const config = parseConfig(
      { ...others, DATABASE_URL_FILE: fixture.file('db-url', `${DATABASE_URL!}\n`) },
      readFileWithMode,
      () => undefined,
    );
    expect(config.database.url.reveal()).toBe(DATABASE_URL);
  });

  it('refuses one that is given twice', () => {
    expect(faultsOf({ ...fixture.sandbox, DATABASE_URL_FILE: fixture.file('db-url-2', 'x') })).toHaveLength(1);
  });

  it('never appear in a fault or in the printed configuration', () => {
    const faults = faultsOf({ ...fixture.sandbox, DATABASE_URL: 'postgres://app:hemligt@db.internal/x y' });
    expect(faults.join()).not.toContain('hemligt');
    const config = parseConfig(fixture.sandbox, readFileWithMode, () => undefined);
    const printed = JSON.stringify(config);
    expect(printed).not.toContain('hemligt');
    expect(printed).not.toContain('PRIVATE KEY');
    expect(printed).not.toContain('"d"');
  });

  it('refuses a key file with unknown members, a short key, a foreign "current", or no JSON', () => {
    const key = randomBytes(32).toString('base64');
    const bad = [
      '{',
      '[]',
      '{}',
      JSON.stringify({ current: 'k1', keys: {} }),
      JSON.stringify({ current: 'k2', keys: { k1: key } }),
      JSON.stringify({ current: 'k1', keys: { k1: randomBytes(31).toString('base64') } }),
      JSON.stringify({ current: 'K 1', keys: { 'K 1': key } }),
      JSON.stringify({ current: 'k1', keys: { k1: key }, more: 1 }),
      JSON.stringify({ current: 'k1', keys: { k1: key }, lost: 'k0' }),
      JSON.stringify({ current: 'k1', keys: { k1: key }, lost: ['k1'] }),
      JSON.stringify({ current: 'k1', keys: { k1: key }, lost: [0] }),
    ];
    for (const content of bad) {
      expect(faultsOf({ ...fixture.sandbox, EVIDENCE_KEY_FILE: fixture.file('bad.json', content) })).toHaveLength(1);
    }
  });

  it('takes the ids of lost keys from a key file', () => {
    const file = { current: 'k2', keys: { k2: randomBytes(32).toString('base64') }, lost: ['k0', 'k1'] };
    const env = { ...fixture.sandbox, EVIDENCE_KEY_FILE: fixture.file('lost.json', JSON.stringify(file)) };
    const { evidenceKeys } = parseConfig(env, readFileWithMode, () => undefined);
    expect(evidenceKeys.lost).toEqual(new Set(['k0', 'k1']));
  });

  it.each([
    ['EVIDENCE_KEY_FILE', 'LOOKUP_KEY_FILE'],
    ['EVIDENCE_KEY_FILE', 'SUBJECT_KEY_FILE'],
    ['LOOKUP_KEY_FILE', 'SUBJECT_KEY_FILE'],
  ])('refuses one key for two purposes: %s, %s', (one, other) => {
    expect(faultsOf({ ...fixture.sandbox, [other]: fixture.sandbox[one]! })).toEqual([
      `${one} and ${other} hold the same key; each needs its own.`,
    ]);
  });

  it('refuses a second subject key, by which every person would have two names at a TPP', () => {
    const [k1, k2] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const rotated = fixture.file('rotated.json', JSON.stringify({ current: 'k2', keys: { k1, k2 } }));
    expect(faultsOf({ ...fixture.sandbox, SUBJECT_KEY_FILE: rotated })).toEqual([
      'SUBJECT_KEY_FILE holds more than one key; the subject key is never rotated.',
    ]);
    expect(faultsOf({ ...fixture.sandbox, LOOKUP_KEY_FILE: rotated })).toEqual([]);
  });

  it('refuses signing keys that are public, weak, unnamed, double or without purpose', () => {
    const good = signingJwks();
    const publicKey = Object.fromEntries(Object.entries(good[0]!).filter(([member]) => member !== 'd'));
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });
    const bad = [
      [publicKey, ...good.slice(1)],
      [{ ...weak, kid: 'weak', purpose: 'tokens' }, ...good.slice(1)],
      [{ ...good[0], kid: undefined }, ...good.slice(1)],
      [{ ...good[0], purpose: 'all' }, ...good.slice(1)],
      [{ ...good[0], x5u: 'https://example.org' }, ...good.slice(1)],
      [{ ...good[0], alg: 'RS256' }, ...good.slice(1)],
      [...good, good[0]],
      good.slice(1),
      good.slice(0, -1),
      [...good.slice(0, -1), { ...good[0], kid: 'ledger-2026', purpose: 'ledger' }],
    ];
    for (const keys of bad) {
      const path = fixture.file('bad-signing.json', JSON.stringify({ keys }));
      expect(faultsOf({ ...fixture.sandbox, SIGNING_KEYS_FILE: path })).toHaveLength(1);
    }
  });
});

describe('our RP certificate', () => {
  const p12 = (name: string): Record<string, string | undefined> => ({
    ...fixture.sandbox,
    BANKID_CERTIFICATE_FILE: undefined,
    BANKID_KEY_FILE: undefined,
    BANKID_P12_FILE: fixture.file(name, readFileSync(new URL(name, vectors))),
    BANKID_P12_PASSPHRASE: 'qwerty123',
  });

  it('is read from a PKCS #12 file', () => {
    const { bankid } = parseConfig(p12('rp-aes-256.p12'), readFileWithMode, () => undefined);
    expect(bankid.client.kind).toBe('p12');
    expect(bankid.certificate.length).toBeGreaterThan(500);
  });

  it('gets one sentence with the command when the file is encrypted with RC2-40', () => {
    const faults = faultsOf(p12('rp-rc2-40.p12'));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/RC2-40.*openssl pkcs12 -legacy -in .*rp-rc2-40\.p12/);
  });

  it('is refused with a wrong passphrase, with the key of another, and in two forms at once', () => {
    const other = fixture.file(
      'other.key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    );
    expect(faultsOf({ ...p12('rp-aes-256.p12'), BANKID_P12_PASSPHRASE: 'wrong' })).toEqual([
      'BANKID_P12_PASSPHRASE does not open BANKID_P12_FILE.',
    ]);
    expect(faultsOf({ ...fixture.sandbox, BANKID_KEY_FILE: other })).toHaveLength(1);
    expect(faultsOf({ ...p12('rp-aes-256.p12'), BANKID_KEY_FILE: fixture.sandbox['BANKID_KEY_FILE'] })).toHaveLength(1);
  });
});
