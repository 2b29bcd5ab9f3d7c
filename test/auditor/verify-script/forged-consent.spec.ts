import { evidenceFolder, type FolderContent } from '../../../src/evidence-files/evidence-folder.ts';
import { EvidenceFolders, redigested, withTools } from '../../support/evidence/evidence-folders.ts';
import { consentVariants2 } from '../../support/vectors/consent-variants.ts';

const folders = new EvidenceFolders();

withTools('a forger who makes every sum and the evidence digest anew', () => {
  let content: FolderContent;

  beforeAll(async () => {
    await folders.open();
    content = await folders.contentOf({});
  }, 120_000);
  afterAll(() => folders.close());

  it.each(consentVariants2)('gets no PASSED of verify.sh for a consent.json with %s', (_, change) => {
    const consent = change(content.consent);
    expect(consent).not.toBe(content.consent);
    const { status, stdout } = folders.run(folders.write(evidenceFolder(redigested({ ...content, consent }))));
    expect(stdout).toContain('FAILED  consent.json is not, to the byte, the consent that the payer signed');
    expect(stdout).not.toContain('PASSED');
    expect(status).toBe(1);
  });
});
