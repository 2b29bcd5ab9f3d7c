import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { nonceFor } from '../../../simulator/signature/ocsp-response.ts';
import { evidenceFolder, type FolderContent } from '../../../src/evidence-files/evidence-folder.ts';
import type { CreditorNameVerification } from '../../../src/payment/creditor-name-verification.ts';
import type { SignedConsentFacts, SignedFacts2 } from '../../../src/payment/non-visible.ts';
import { EvidenceFolders, redigested, withTools } from '../../support/evidence/evidence-folders.ts';
import { summed } from '../../support/evidence/forged-folder.ts';

const folders = new EvidenceFolders();
const write = folders.write.bind(folders);
const run = folders.run.bind(folders);
const contentOf = folders.contentOf.bind(folders);

const verification: CreditorNameVerification = {
  result: 'close-match',
  matchedName: '"},"environment":"x',
  checkedAt: new Date('2026-11-22T09:59:00.000Z'),
  attestation: 'e30.e30.c2ln',
};

const fileNames = [
  'VERIFY.txt',
  'bankid-root.pem',
  'circumstances.json',
  'consent.json',
  'evidence-digest.json',
  'non-visible.json',
  'ocsp.b64',
  'report.json',
  'signature.b64',
  'verify.sh',
  'visible-text.txt',
];

describe('the evidence folder', () => {
  let content: FolderContent;

  beforeAll(async () => {
    await folders.open();
    content = await contentOf({});
  }, 120_000);
  afterAll(() => folders.close());

  it('is the same for the same evidence, byte for byte', () => {
    expect([...evidenceFolder(content)]).toEqual([...evidenceFolder(content)]);
    expect([...evidenceFolder(content).keys()].sort()).toEqual(fileNames);
  });

  withTools('verify.sh', () => {
    it('accepts a good folder, and one with the request that the third party signed', () => {
      for (const requestObject of [undefined, 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln']) {
        const { status, stdout } = run(write(evidenceFolder({ ...content, requestObject })));
        expect(stdout).toMatch(/PASSED {2}UNPINNED/);
        expect(stdout).not.toContain('FAILED');
        expect(status).toBe(0);
      }
    });

    it.each<[string, (facts: SignedFacts2) => SignedConsentFacts]>([
      [
        'version 1',
        ({ bankName: _, channel: __, creditorNameVerification: ___, ...facts }) => ({ ...facts, template: 'sv-1' }),
      ],
      ['English', (facts) => ({ ...facts, template: 'en-2' })],
      ['an app of the TPP', (facts) => ({ ...facts, channel: { way: 'app' } })],
      ['a phone call', (facts) => ({ ...facts, channel: { way: 'phone', callInitiator: 'RP' } })],
      ['euro, with a verification of the payee', (facts) => ({ ...facts, creditorNameVerification: verification })],
      ['names with quotation marks', (facts) => ({ ...facts, bankName: '"}, "clientId":"x', clientId: '","v":1}' })],
    ])('accepts a folder that was signed in %s', async (_, signed) => {
      const { status, stdout } = run(write(evidenceFolder(await contentOf({ signed }))));
      expect(stdout).toMatch(/PASSED {2}UNPINNED/);
      expect(status).toBe(0);
    });

    it('accepts the root that the reader brings, and refuses another', () => {
      const folder = write(evidenceFolder(content));
      const own = path.join(folders.work, 'own.pem');
      writeFileSync(own, folders.pki.relyingParty.signatureRootPem);
      expect(run(folder, [own]).status).toBe(0);
      writeFileSync(own, folders.pki.relyingParty.tlsRootPem);
      expect(run(folder, [own])).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('not the root that you gave'),
      });
    });

    it.each(fileNames)('refuses a folder in which one byte of %s was changed, added or taken away', (name) => {
      const files = new Map(evidenceFolder(content));
      const bytes = files.get(name)!;
      const changed = Buffer.from(bytes);
      // A letter of a comment in verify.sh; anywhere else the middle.
      const position = name === 'verify.sh' ? 20 : changed.length >> 1;
      changed[position] = changed[position] === 0x41 ? 0x42 : 0x41;
      for (const damaged of [changed, Buffer.concat([bytes, Buffer.from('\n')]), bytes.subarray(0, -1)]) {
        expect(run(write(files.set(name, damaged))).status).not.toBe(0);
      }
      files.delete(name);
      expect(run(write(files)).status).not.toBe(0);
    });

    // Each of these is a whole folder with sums of its own: only the named check stands in its way.
    const forgeries: [string, () => Promise<FolderContent> | FolderContent, RegExp][] = [
      [
        'another visible text',
        () => ({ ...content, visibleText: Buffer.from('Betala ingenting') }),
        /visible-text.txt is not what the payer signed/,
      ],
      [
        'other signed data',
        () => ({ ...content, nonVisibleData: edit(content.nonVisibleData, '1250.00', '9250.00') }),
        /non-visible.json is not what the payer signed/,
      ],
      [
        'a consent of another amount',
        () => redigested({ ...content, consent: content.consent.replace('1250.00', '9250.00') }),
        /consent.json is not, to the byte/,
      ],
      [
        'a consent of another id',
        () => redigested({ ...content, consent: content.consent.replace(/"consentId":"[^"]*"/, '"consentId":"x"') }),
        /consent.json is not, to the byte/,
      ],
      ['another digest', () => ({ ...content, evidenceDigest: randomBytes(32) }), /evidence digest/],
      ['other random bytes', () => ({ ...content, random: randomBytes(32) }), /evidence digest/],
      ['fewer random bytes', () => ({ ...content, random: randomBytes(31) }), /does not hold 32 random bytes/],
      [
        'other circumstances',
        () => ({ ...content, circumstances: content.circumstances.replace('has', 'had') }),
        /evidence digest is not that of these files/,
      ],
      [
        'another report',
        () => ({ ...content, report: content.report.replace('PASSED', 'FAILED') }),
        /evidence digest is not that of these files/,
      ],
      [
        'a signature that was changed',
        () => redigested({ ...content, signature: inXml(content.signature, '<fsib>0', '<fsib>1') }),
        /digest of what was signed/,
      ],
      [
        'an element that the profile does not have',
        () => redigested({ ...content, signature: inXml(content.signature, '<Object>', '<Object><x></x>') }),
        /not of BankID's profile/,
      ],
      [
        'a comment in the signed text',
        () =>
          redigested({
            ...content,
            signature: inXml(content.signature, '</usrVisibleData>', '<!----></usrVisibleData>'),
          }),
        /not base64/,
      ],
      [
        'an identification instead of a signature',
        () => redigested({ ...content, signature: inXml(content.signature, '>Signing<', '>Identification<') }),
        /not of BankID's profile/,
      ],
      [
        'the OCSP response of another signature',
        () => contentOf({ nonce: nonceFor('another') }),
        /belongs to another signature/,
      ],
      ['a nonce that is too short', () => contentOf({ nonce: nonceFor('x').subarray(0, 20) }), /32 bytes/],
      ['a revoked certificate', () => contentOf({ ocspStatus: 'revoked' }), /was not good/],
      ['a certificate that the responder does not know', () => contentOf({ ocspStatus: 'unknown' }), /was not good/],
      [
        'an OCSP response that was changed',
        () => redigested({ ...content, ocsp: flip(content.ocsp ?? '', -1700) }),
        /OCSP response/,
      ],
      ['a root that did not sign', () => ({ ...content, root: folders.pki.relyingParty.tlsRootPem }), /do not lead to/],
      [
        'a second root smuggled in behind the first',
        () => ({ ...content, root: folders.pki.relyingParty.tlsRootPem + folders.pki.relyingParty.signatureRootPem }),
        /do not lead to/,
      ],
      [
        'a signature for another environment than its root',
        () => contentOf({ environment: 'production' }),
        /signed for production/,
      ],
    ];
    it.each(forgeries)('refuses %s', async (_, make, reason) => {
      const { status, stdout } = run(write(evidenceFolder(await make())));
      expect(stdout).toMatch(reason);
      expect(stdout).not.toContain('PASSED');
      expect(status).toBe(1);
    });

    it.each([
      ['a member more', (text: string) => text.replace('}', ',"note":"x"}')],
      ['a member twice', (text: string) => text.replace('{', '{"evidenceDigest":"x",')],
      ['a second object', (text: string) => `${text}{}`],
      ['a line end', (text: string) => `${text}\n`],
      ['padded random bytes', (text: string) => text.replace('"}', '="}')],
      ['random bytes with a stray character', (text: string) => text.replace('"}', '!"}')],
      ['random bytes whose last bits are not zero', (text: string) => text.replace(/.(?="}$)/, lastBits)],
    ])('refuses an evidence-digest.json with %s, though all sums are right', (_, write) => {
      const files = new Map(evidenceFolder(content));
      const file = 'evidence-digest.json';
      const { status, stdout } = run(
        folders.write(summed(files.set(file, Buffer.from(write(String(files.get(file))))))),
      );
      expect(stdout).toMatch(
        /evidence-digest.json (is not of its form|does not hold)|something follows|digest is not that of/,
      );
      expect([status, stdout.includes('PASSED')]).toEqual([1, false]);
    });
  });
});

/** Another character for the last of 43 in base64url, of which two bits say nothing. */
function lastBits(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) + 1] ?? '';
}

function edit(bytes: Uint8Array, from: string, to: string): Buffer {
  return Buffer.from(Buffer.from(bytes).toString('utf8').replace(from, to));
}

function inXml(signature: string, from: string, to: string): string {
  const xml = Buffer.from(signature, 'base64').toString('utf8');
  expect(xml).toContain(from);
  return Buffer.from(xml.replace(from, to)).toString('base64');
}

/** One bit of the signature's bytes: `at` counts from the end. */
function flip(base64: string, at: number): string {
  const bytes = Buffer.from(base64, 'base64');
  const position = bytes.length + at;
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  return bytes.toString('base64');
}
