import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigFixture, faultsOf } from '../../test/support/config/config-fixture.ts';
import type { AppConfig, FileReader } from './config.ts';
import { readFileWithMode } from './load-config.ts';
import { parseConfig } from './parse-config.ts';
import { holderNames, rpCertificates, type RpCertificates } from './rp-certificates.ts';

type Entry = Readonly<Record<string, unknown>>;

let fixture: ConfigFixture;
let shop: { readonly certificateFile: string; readonly keyFile: string };
let agency: { readonly certificateFile: string; readonly keyFile: string };

beforeAll(async () => {
  fixture = await ConfigFixture.create();
  shop = await fixture.certificate('shop', '2.5.4.41=Butiken, CN=Butiken AB, O=En bank AB, C=SE');
  agency = await fixture.certificate('agency', 'CN=Verket');
});
afterAll(() => fixture.remove());

const configOf = (...certificates: readonly Entry[]): AppConfig =>
  parseConfig({ ...fixture.sandbox, ...fixture.ring(...certificates) }, readFileWithMode, () => undefined);
const faults = (...certificates: readonly Entry[]): readonly string[] =>
  faultsOf({ ...fixture.sandbox, ...fixture.ring(...certificates) });
const faultsOfText = (text: string): readonly string[] =>
  faultsOf({ ...fixture.sandbox, BANKID_CERTIFICATES_FILE: fixture.file('text.json', text) });

describe('the ring of RP certificates', () => {
  it('has the default one alone where no other is named', () => {
    const { bankid } = parseConfig(fixture.sandbox, readFileWithMode, () => undefined);
    expect([...rpCertificates(bankid).keys()]).toEqual(['default']);
    expect(rpCertificates(bankid).get('default')?.certificate).toBe(bankid.certificate);
  });

  it('has those of the file beside it, and knows their holders', () => {
    const ring = rpCertificates(configOf({ id: 'shop', ...shop }, { id: 'verket-2', ...agency }).bankid);
    expect([...ring.keys()]).toEqual(['default', 'shop', 'verket-2']);
    expect([...ring.values()].map((one) => [...holderNames(one)].sort())).toEqual([
      ['Sim RP'],
      ['Butiken', 'Butiken AB'],
      ['Verket'],
    ]);
  });

  it('has a certificate in PKCS #12 with its passphrase', () => {
    const p12File = join(fixture.folder, 'ring.p12');
    copyFileSync(new URL('../../test/support/config/rp-aes-256.p12', import.meta.url), p12File);
    expect(faults({ id: 'shop', p12File, passphrase: 'wrong' })).toEqual([
      'BANKID_CERTIFICATES_FILE: shop: passphrase does not open p12File.',
    ]);
    expect(faults({ id: 'shop', p12File, passphrase: 'qwerty123' })).toEqual([]);
    expect(faults({ id: 'shop', p12File, passphrase_FILE: fixture.file('pass', 'qwerty123\n') })).toEqual([]);
    expect(faults({ id: 'shop', p12File })).toEqual([expect.stringContaining('shop: passphrase (or')]);
  });

  it.each<[string, () => readonly string[], string]>([
    ['has no list', () => faultsOfText('{"certificate":[]}'), 'has unknown members'],
    ['is a list', () => faultsOfText('[]'), 'is not a JSON object'],
    ['has an empty object', () => faultsOfText('{}'), 'has no array "certificates"'],
    ['has a member twice', () => faultsOfText('{"certificates":[],"certificates":[]}'), 'has a duplicate member'],
    ['has an entry that is none', () => faultsOfText('{"certificates":[7]}'), 'entry 0 has no id'],
    ['has an entry without id', () => faults(shop), 'entry 0 has no id'],
    ['calls one default', () => faults({ id: 'default', ...shop }), 'that is not default'],
    ['has an id of other characters', () => faults({ id: 'Shop', ...shop }), 'entry 0 has no id'],
    ['has an unknown member', () => faults({ id: 'shop', ...shop, name: 'x' }), 'shop has unknown members (name)'],
    ['has a path that is none', () => faults({ id: 'shop', ...shop, keyFile: 7 }), 'shop: keyFile is not a string'],
    ['has no certificate', () => faults({ id: 'shop' }), 'shop: Neither certificateFile with keyFile nor p12File'],
    ['has both forms', () => faults({ id: 'shop', ...shop, p12File: 'x' }), 'shop: Both p12File and certificateFile'],
    ['has a file that is missing', () => faults({ id: 'shop', ...shop, keyFile: '/no' }), 'shop: keyFile: cannot read'],
    [
      'has the key of another',
      () => faults({ id: 'shop', ...shop, keyFile: agency.keyFile }),
      'shop: keyFile is not the key of certificateFile',
    ],
    ['has an id twice', () => faults({ id: 'shop', ...shop }, { id: 'shop', ...agency }), 'has the same id twice'],
    ['has a certificate twice', () => faults({ id: 'a', ...shop }, { id: 'b', ...shop }), 'the same certificate twice'],
  ])('is refused where the file %s', (_, found, text) => {
    expect(found()).toEqual([expect.stringMatching(/^BANKID_CERTIFICATES_FILE/)]);
    expect(found()[0]).toContain(text);
  });

  it('is refused with the default one under another id', () => {
    const { BANKID_CERTIFICATE_FILE: certificateFile, BANKID_KEY_FILE: keyFile } = fixture.sandbox;
    expect(faults({ id: 'own', certificateFile, keyFile })).toEqual([expect.stringContaining('or the default one')]);
  });

  it('is refused with the faults of all entries together', () => {
    const all = faults({ id: 'a', keyFile: '/no' }, { id: 'b', ...agency, keyFile: shop.keyFile }, { id: 'C' });
    expect(all.map((text) => text.split(':')[1])).toEqual([
      ' a',
      ' b',
      ' entry 2 has no id of a-z, 0-9 and - that is not default.',
    ]);
  });

  it.each(['ring.json', 'shop.key'])('is refused outside the sandbox where others may read %s', (name) => {
    const opened: FileReader = (path) => ({
      bytes: readFileWithMode(path).bytes,
      mode: path.endsWith(name) ? 0o100644 : 0o100600,
    });
    expect(fixture.productionFaults(fixture.ring({ id: 'shop', ...shop }), opened)).toEqual([
      expect.stringContaining('others can read'),
    ]);
  });

  it('is given to the check of the clients, unless it has faults of its own', () => {
    const given: (RpCertificates | undefined)[] = [];
    const check = (_clients: unknown, _environment: unknown, ring?: RpCertificates): void => void given.push(ring);
    parseConfig({ ...fixture.sandbox, ...fixture.ring({ id: 'shop', ...shop }) }, readFileWithMode, check);
    expect([...(given[0]?.keys() ?? [])]).toEqual(['default', 'shop']);
    const broken = { ...fixture.sandbox, ...fixture.ring({ id: 'shop' }) };
    expect(() => parseConfig(broken, readFileWithMode, check)).toThrow('Neither certificateFile');
    expect(given[1]).toBeUndefined();
  });
});
