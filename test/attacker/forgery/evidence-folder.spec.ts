import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { policies } from '../../../src/verification/policy.ts';
import { CaCache } from '../../../src/verification/ca-cache.ts';
import { parseTrustAnchor } from '../../../src/verification/trust-anchors.ts';
import { formatReport } from '../../../src/evidence-files/report-text.ts';
import { verifyFolder } from '../../../src/evidence-files/verify-files.ts';
import { CarriedRoots } from '../../../src/evidence-files/verify-settings.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import { folderOf } from '../../support/evidence/evidence-export.ts';
import { redigestedFolder, summed } from '../../support/evidence/forged-folder.ts';
import { personalNumber } from '../../support/vectors/test-pki.ts';
import { makeVector, now, relyingPartyName } from '../../support/vectors/vector.ts';

const vector = makeVector();
const sound = folderOf(vector);
const settings = {
  anchors: [parseTrustAnchor(vector.rootPem, 'accept-unpinned')],
  kinds: ['unpinned'],
  carriedRoots: 'accept-pinned',
  policy: policies.bankid,
  time: { now, vouchedAt: undefined },
  cas: new CaCache(),
  carried: new CarriedRoots(),
  relyingParty: relyingPartyName,
} as const;

type Change = (files: Map<string, Buffer>) => unknown;

/** A folder that was forged as a whole: its sums and its evidence digest fit the files again. */
const forged = (change: Change): ReadonlyMap<string, Buffer> => redigestedFolder(careless(change));
const careless = (change: Change): ReadonlyMap<string, Buffer> => {
  const files = new Map(sound);
  change(files);
  return files;
};
const json =
  (file: string, change: (members: JsonObject) => JsonObject): Change =>
  (files) =>
    files.set(file, Buffer.from(canonicalJson(change(JSON.parse(files.get(file)!.toString()) as JsonObject))));
const said = (files: ReadonlyMap<string, Buffer>) => {
  const report = verifyFolder(files, settings);
  const { parameters } = report.checks.find(({ id }) => id === 'content')!;
  return [report.matches, report.indication, parameters];
};
const no = (parameters: object): unknown[] => ['no', 'INDETERMINATE', parameters];

describe('an evidence folder that was falsified', () => {
  it('is sound before it is falsified', () => {
    expect(said(sound)).toEqual(['yes', 'TOTAL-PASSED', undefined]);
    expect(said(forged(() => undefined))).toEqual(['yes', 'TOTAL-PASSED', undefined]);
  });

  const notes = sound.get('VERIFY.txt')!.toString();
  it.each([
    ['an emptied VERIFY.txt', careless((f) => f.set('VERIFY.txt', Buffer.alloc(0))), 'VERIFY.txt'],
    [
      'another advice in VERIFY.txt',
      careless((f) => f.set('VERIFY.txt', Buffer.from(notes.replace('What is not checked', 'Nothing to check')))),
      'VERIFY.txt',
    ],
    ['a line more in VERIFY.txt', careless((f) => f.set('VERIFY.txt', Buffer.from(`${notes}ok\n`))), 'VERIFY.txt'],
    ['another verify.sh', forged((f) => f.set('verify.sh', Buffer.from('#!/bin/sh\necho PASSED\n'))), 'verify.sh'],
    ['a file more', forged((f) => f.set('agreement.pdf', Buffer.from('x'))), 'agreement.pdf'],
    ['a directory more', forged((f) => f.set('annex/', Buffer.alloc(0))), 'annex/'],
    [
      'a root that vouched for nothing',
      forged((f) =>
        f.set(
          'bankid-root.pem',
          Buffer.from(makeVector({ pki: { root: { key: 'stranger', signedWith: 'stranger' } } }).rootPem),
        ),
      ),
      'bankid-root.pem',
    ],
    ['no root', forged((f) => f.set('bankid-root.pem', Buffer.alloc(0))), 'bankid-root.pem'],
  ])('does not match: %s', (_title, files, file) => {
    expect(said(files)).toEqual(no({ file }));
  });

  it.each([
    ['signer', { signer: { personalNumber: '191212121212', name: 'Tolvan Tolvansson' } }],
    ['signer', { signer: { personalNumber, name: 'Tolvan Tolvansson' } }],
    ['signer', { signer: null }],
    ['environment', { environment: 'production' }],
    ['trustAnchor', { trustAnchor: 'BankID Root CA v1' }],
    ['payer', { payer: 'unbound' }],
  ])('does not match where report.json names another %s', (member, change) => {
    const files = forged(json('report.json', (report) => ({ ...report, ...change })));
    expect(said(files)).toEqual(no({ file: 'report.json', member }));
  });

  it.each([
    ['indication', { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' }],
    ['match', { matches: 'no' }],
  ])('gets a warning where report.json names another %s, which was the verdict of its day', (_title, change) => {
    const report = verifyFolder(forged(json('report.json', (before) => ({ ...before, ...change }))), settings);
    expect([report.matches, report.indication]).toEqual(['yes', 'TOTAL-PASSED']);
    expect(report.warnings).toContain('report-verdict-differs');
    expect(verifyFolder(sound, settings).warnings).not.toContain('report-verdict-differs');
  });

  it.each([
    ['completion.user.personalNumber', { completion: { user: { personalNumber: '191212121212' } } }],
    [
      'order.signParameters.requirement.personalNumber',
      { order: { signParameters: { requirement: { personalNumber: '191212121212' } } } },
    ],
    ['consent.template', { consent: { template: 'en-1' } }],
    ['channel', { channel: { way: 'app' } }],
    ['channel', { channel: { way: 'browser', callInitiator: 'user' } }],
    ['service.relyingPartyName', { service: { relyingPartyName: 'cn=Other' } }],
    ['service.rootFingerprint', { service: { rootFingerprint: '0'.repeat(64) } }],
  ])('does not match where circumstances.json names another %s', (member, change) => {
    const files = forged(json('circumstances.json', (before) => ({ ...before, ...change })));
    expect(said(files)).toEqual(no({ file: 'circumstances.json', member }));
  });

  it('gets a warning where circumstances.json calls the person by another name', () => {
    const named = (name: string) =>
      verifyFolder(
        forged(json('circumstances.json', (before) => ({ ...before, completion: { user: { personalNumber, name } } }))),
        settings,
      );
    const other = named('Tolvan Tolvansson');
    expect([other.matches, other.indication]).toEqual(['yes', 'TOTAL-PASSED']);
    expect(other.warnings).toContain('circumstances-name-differs');
    expect(formatReport(other, languages.sv)).toContain('anger ett annat namn på undertecknaren');
    expect(named(other.signer!.name).warnings).not.toContain('circumstances-name-differs');
  });

  it.each(['report.json', 'circumstances.json'])('does not match where %s is spelled otherwise', (file) => {
    const respelled = (spell: (text: string) => string): ReadonlyMap<string, Buffer> =>
      forged((f) => f.set(file, Buffer.from(spell(f.get(file)!.toString()))));
    const [first] = /"[^"]+":/.exec(sound.get(file)!.toString()) ?? [];
    const spellings: readonly ((text: string) => string)[] = [
      (text) => JSON.stringify(JSON.parse(text), null, 2),
      (text) => `${text}\n`,
      (text) => `\ufeff${text}`,
      (text) => text.replace('{', `{${first}"twice",`),
    ];
    for (const spell of spellings) expect(said(respelled(spell)).slice(0, 2)).toEqual(['no', 'INDETERMINATE']);
  });

  it.each([
    ['circumstances.json', { browser: { ip: '192.0.2.9' } }],
    ['circumstances.json', { evidenceId: '6f0a4c51-0b4f-4d0e-9d3e-000000000000' }],
    ['report.json', { warnings: ['sha1-ocsp'] }],
    ['report.json', { checks: [] }],
  ])('does not match the evidence digest where %s was rewritten: %j', (file, change) => {
    const rewritten = json(file, (before) => ({ ...before, ...change }));
    expect(said(forged(rewritten))).toEqual(['yes', 'TOTAL-PASSED', undefined]);
    expect(said(summed(careless(rewritten)))).toEqual(['no', 'INDETERMINATE', undefined]);
  });

  it.each([
    ['a member more', (text: string) => text.replace('}', ',"note":"x"}')],
    ['a member twice', (text: string) => text.replace('{', '{"evidenceDigest":"x",')],
    ['its members in another order', (text: string) => text.replace(/{(.*),(.*)}/, '{$2,$1}')],
    ['white space', (text: string) => `${text}\n`],
    ['an escaped character', (text: string) => text.replace('evidenceDigestR', '\\u0065videnceDigestR')],
    ['an empty object', () => '{}'],
    ['nothing', () => ''],
  ])('does not match where evidence-digest.json has %s', (_title, write) => {
    const file = 'evidence-digest.json';
    const files = summed(careless((f) => f.set(file, Buffer.from(write(String(f.get(file)))))));
    expect(said(files)).toEqual(no({ file }));
  });

  it.each([
    ['a character that is none', (random: string) => `${random.slice(0, 5)}!${random.slice(5)}`],
    ['padding', (random: string) => `${random}=`],
  ])('does not match where the random bytes of the evidence digest are written with %s', (_title, write) => {
    const respelled = json('evidence-digest.json', (before) => ({
      ...before,
      evidenceDigestRandom: write(before['evidenceDigestRandom'] as string),
    }));
    expect(said(summed(careless(respelled)))).toEqual(['no', 'INDETERMINATE', undefined]);
  });

  it('gets a warning where it holds a request of the provider, which nothing here verifies', () => {
    const files = forged((f) => f.set('request-object.jwt', Buffer.from('e30.e30.')));
    const report = verifyFolder(files, settings);
    expect([report.matches, report.warnings.includes('request-object-not-verified')]).toEqual(['yes', true]);
    expect(verifyFolder(sound, settings).warnings).not.toContain('request-object-not-verified');
  });

  it('may hold circumstances of the person who signed', () => {
    const change = { completion: { user: { personalNumber } } };
    expect(said(forged(json('circumstances.json', (before) => ({ ...before, ...change }))))).toEqual([
      'yes',
      'TOTAL-PASSED',
      undefined,
    ]);
  });

  it.each(['en', 'sv'] as const)('is said not to match before anything else, in %s', (language) => {
    const words = languages[language];
    const report = verifyFolder(
      careless((f) => f.set('visible-text.txt', Buffer.from('Betala 1 kr'))),
      settings,
    );
    const [first, second] = formatReport(report, words).split('\n');
    expect(first).toBe(`UNPINNED  ${words.noMatch}  INDETERMINATE / SIG_CONSTRAINTS_FAILURE`);
    expect(second).toBe(words.summary['no-match']);
    const other = verifyFolder(sound, { ...settings, relyingParty: 'cn=Other' });
    expect(formatReport(other, words).split('\n')[1]).toBe(words.summary['not-meant']);
  });
});
