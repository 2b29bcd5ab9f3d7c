import { createHash } from 'node:crypto';
import { evidenceDigest } from '../../../src/evidence-files/evidence-digest.ts';
import { verifyFolder } from '../../../src/evidence-files/verify-files.ts';
import { consentVariants, consentVariants2 } from '../../support/vectors/consent-variants.ts';
import { folderOf, type FolderFiles } from '../../support/evidence/evidence-export.ts';
import { exportedReportOf, settingsOf } from '../../support/vectors/verify.ts';
import { facts2, makeVector, vectorOf, type Vector } from '../../support/vectors/vector.ts';

/** A folder of that consent.json, with every sum and the evidence digest made anew. */
function forgedFolder(vector: Vector, forged: string): FolderFiles {
  const files = folderOf(vector);
  const circumstances = JSON.parse(String(files.get('circumstances.json'))) as { evidenceDigestRandom: string };
  const digest = evidenceDigest({
    random: Buffer.from(circumstances.evidenceDigestRandom, 'base64url'),
    signature: String(files.get('signature.b64')),
    ocsp: Buffer.from(String(files.get('ocsp.b64')), 'base64'),
    consent: forged,
  });
  files.set('consent.json', Buffer.from(forged));
  files.set(
    'circumstances.json',
    Buffer.from(JSON.stringify({ ...circumstances, evidenceDigest: digest.toString('base64url') })),
  );
  const sum = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
  const notes = String(files.get('VERIFY.txt')).split('SHA-256\n')[0] ?? '';
  const sums = [...files].filter(([name]) => name !== 'VERIFY.txt').map(([name, bytes]) => `${sum(bytes)}  ${name}\n`);
  const above = `${notes}SHA-256\n${sums.join('')}`;
  return files.set('VERIFY.txt', Buffer.from(`${above}${sum(above)}  the lines above\n`));
}

describe.each([
  { version: 1, vector: makeVector(), variants: consentVariants },
  { version: 2, vector: vectorOf(facts2), variants: consentVariants2 },
])('consent.json of version $version', ({ vector, variants }) => {
  const settings = settingsOf(vector);
  const consent = folderOf(vector).get('consent.json')?.toString() ?? '';

  it('matches where it is the consent that was signed', () => {
    expect(verifyFolder(forgedFolder(vector, consent), settings)).toMatchObject({
      indication: 'TOTAL-PASSED',
      matches: 'yes',
    });
  });

  it.each(variants)('does not match with %s, though every sum and digest is right', (_, change) => {
    expect(change(consent)).not.toBe(consent);
    expect(verifyFolder(forgedFolder(vector, change(consent)), settings).matches).toBe('no');
  });

  it('may be spelled otherwise where it is given beside a bare signature', () => {
    const spelled = JSON.stringify(JSON.parse(consent), null, 2);
    const report = exportedReportOf(vector, { consentJson: Buffer.from(spelled), copies: undefined });
    expect(report.matches).toBe('yes');
  });
});
