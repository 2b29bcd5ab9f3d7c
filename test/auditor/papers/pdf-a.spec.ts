import { makeCasePaper } from '../../../src/papers/case-paper.ts';
import { makeReceipt } from '../../../src/papers/receipt.ts';
import { packFolder } from '../../../src/crypto/zip/zip-writer.ts';
import { evidence, folder, hostile, withName } from '../../support/papers/paper-evidence.ts';
import { noMaven } from '../../support/commands/maven.ts';
import { judgeByVeraPdf } from '../../support/papers/pdf-judges.ts';
import { itUnless } from '../../support/skipping.ts';

itUnless(noMaven)(
  'each paper is a PDF/A-2b for veraPDF, and with its evidence a 3b, in both languages and with hostile names',
  async () => {
    const receipts = Object.values(hostile).map((name) => makeReceipt(withName(name), 'en'));
    const cases = [makeCasePaper(evidence, 'sv'), makeCasePaper(withName(Object.values(hostile).join(' ')), 'en')];
    const attachment = { name: 'evidence.zip', type: 'application/zip', bytes: packFolder('evidence', folder) };
    cases.push(makeCasePaper(evidence, 'sv', attachment));
    const all = await Promise.all([makeReceipt(evidence, 'sv'), ...receipts, ...cases]);
    const said = judgeByVeraPdf(all);
    if (!said) return void process.stderr.write('skipped: Maven finds no artefacts of veraPDF\n');
    expect(said).toEqual(all.map(() => 'compliant'));
  },
  120_000,
);
