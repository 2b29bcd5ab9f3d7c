import { verifyFolder } from '../../../src/evidence-files/verify-files.ts';
import { consentVariants, consentVariants2 } from '../../support/vectors/consent-variants.ts';
import { folderOf, type FolderFiles } from '../../support/evidence/evidence-export.ts';
import { redigestedFolder } from '../../support/evidence/forged-folder.ts';
import { exportedReportOf, settingsOf } from '../../support/vectors/verify.ts';
import { facts2, makeVector, vectorOf, type Vector } from '../../support/vectors/vector.ts';

/** A folder of that consent.json, with every sum and the evidence digest made anew. */
function forgedFolder(vector: Vector, forged: string): FolderFiles {
  return redigestedFolder(folderOf(vector).set('consent.json', Buffer.from(forged)));
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
