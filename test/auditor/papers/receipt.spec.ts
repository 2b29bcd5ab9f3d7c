import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBundle } from '../../../src/bundle/container.ts';
import { reportsOf } from '../../../src/compliance/export/beside-evidence.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { formatAccountNumber, parseAccount } from '../../../src/payment/account.ts';
import { makeCasePaper } from '../../../src/papers/case-paper.ts';
import { reportFile } from '../../../src/report-page/report-file.ts';
import { parseInitiation } from '../../../src/payment/initiation.ts';
import { makeReceipt } from '../../../src/papers/receipt.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { exportOf, folderOf, ONE, writeFolder, writeZip } from '../../support/evidence/evidence-export.ts';
import { digestOf, ledgered } from '../../support/evidence/ledgered.ts';
import { SmallLog } from '../../support/ledger/small-log.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { itUnless } from '../../support/skipping.ts';
import { evidence, folder, hostile, vector, verified, withName } from '../../support/papers/paper-evidence.ts';
import { faultsByQpdf, noPdftotext, noQpdf, structureOfPdf, textOfPdf } from '../../support/papers/pdf-judges.ts';
import { facts2, now, vectorOf } from '../../support/vectors/vector.ts';

const work = mkdtempSync(join(tmpdir(), 'sigill-receipts-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Everything that a payment may say, each as long as it may be. */
const longest = vectorOf({
  ...facts2,
  bankName: 'Å'.repeat(60),
  tpp: { name: 'W'.repeat(60), authorisationNumber: 'SE-FINA-41234' },
  channel: { way: 'phone', callInitiator: 'RP' },
  initiation: parseInitiation(
    {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '999999999.99' },
      creditorName: 'Ö'.repeat(70),
      creditorAccount: { iban: 'SE3550000000054910000003' },
      debtorAccount: { iban: 'SE3550000000054910000003' },
      remittanceInformationUnstructured: 'M'.repeat(140),
      endToEndIdentification: 'E'.repeat(35),
    },
    '',
  ),
});

const whenPdftotext = itUnless(noPdftotext);
const whenQpdf = itUnless(noQpdf);

describe('a receipt', () => {
  it('is the same bytes each time, with id, dates and metadata from the evidence', async () => {
    const [one, other] = [await makeReceipt(evidence), await makeReceipt(evidence)];
    expect(one.equals(other)).toBe(true);
    expect(one.includes('<xmp:CreateDate>2026-06-01T12:00:30Z</xmp:CreateDate>')).toBe(true);
    expect(one.includes('<pdfaid:part>2</pdfaid:part>')).toBe(true);
    expect((await makeReceipt(evidence, 'en')).equals(one)).toBe(false);
  });

  it('is written in the language in which the payer signed, unless another is chosen', async () => {
    expect((await makeReceipt(evidence)).includes('/Lang (sv-SE)')).toBe(true);
    expect((await makeReceipt(evidence, 'en')).includes('/Lang (en-GB)')).toBe(true);
  });

  whenPdftotext('names no account that is numbered by its holder, as no page and no list does', async () => {
    for (const debtorAccount of [{ bban: '33001212121212' }, { iban: 'SE6030000000001212121212' }]) {
      const { instructedAmount, creditorName } = vector.expectation.facts.initiation;
      const initiation = { instructedAmount, creditorName, creditorAccount: facts2.initiation.creditorAccount };
      const account = parseAccount(debtorAccount, '');
      const nordea = vectorOf({
        ...facts2,
        initiation: { ...facts2.initiation, ...initiation, debtorAccount: account },
      });
      const report = verified(folderOf(nordea), nordea.rootPem);
      const paid = { files: folderOf(nordea), report };
      expect(report.visibleText).toContain(formatAccountNumber(account));
      const stored = { report: JSON.stringify(report), storedAt: now } as unknown as Evidence;
      const shown = [
        textOfPdf(await makeReceipt(paid)),
        textOfPdf(await makeCasePaper(paid)),
        reportFile({ report, file: undefined, at: now, policy: 'bankid' }, 'sv'),
        ...[...reportsOf(stored).values()].map(String),
      ];
      for (const text of shown) {
        expect(text.replaceAll(/[\s-]/g, '')).not.toContain('1212121212');
        expect(text).toMatch(/\*[\s-]?\*[\s-]?\*[\s-]?\*/);
      }
    }
  });

  whenPdftotext('says what was signed, by whom and when, and masks the personal number', async () => {
    const text = textOfPdf(await makeReceipt(evidence));
    for (const said of [
      '1 250,00 SEK',
      'Åkes Blommor & Växter',
      'Bankgiro 5050-1055',
      'Faktura 1234',
      'Anna Andersson (19900101****)',
      '2026-06-01 14:00:30 svensk tid (2026-06-01 12:00:30 UTC)',
      'Betaltjänst AB, tillståndsnummer SE-FINA-41234',
      facts2.consentId,
      '1 (1)',
    ]) {
      expect(text).toContain(said);
    }
    expect(text).toContain('TEST – kontrollerat mot ett rotcertifikat som inte är BankID:s');
    expect(text).not.toMatch(/19900101-?\d{4}/);
  });

  for (const [what, name] of Object.entries(hostile))
    whenPdftotext(`stays one page, with each tag in its place, where a name ${what}`, async () => {
      const pdf = await makeReceipt(withName(name));
      const text = textOfPdf(pdf);
      expect(text).toContain('1 (1)');
      expect(text).toContain('Vad kvittot inte visar');
      expect(text).not.toMatch(/[\u200b\u202a-\u202e\u2066-\u2069]|^\s*Belopp: 1,00/m);
      const tags = structureOfPdf(pdf).match(/^ *(?:Document|H\d|P|L|LI|Lbl|LBody)\b/gm);
      expect(tags).toEqual(
        structureOfPdf(await makeReceipt(evidence)).match(/^ *(?:Document|H\d|P|L|LI|Lbl|LBody)\b/gm),
      );
    });

  whenPdftotext('is one page for the longest payment of the longest name', async () => {
    const files = folderOf(longest);
    const { signer, relyingParty } = withName(hostile['does not end']).report;
    const report = { ...verified(files, longest.rootPem), signer, relyingParty };
    for (const language of ['sv', 'en'] as const) {
      const pdf = await makeReceipt({ files, report }, language);
      expect(textOfPdf(pdf)).toMatch(/1 (?:\(1\)|of 1)/);
    }
  });

  it('prints a letter of another alphabet by its code, and never in the place of ours', async () => {
    const { printable } = await import('../../../src/papers/layout/printable.ts');
    expect(printable('Аnna\u202e Åström')).toBe('\\u{410}nna\\u{202e} Åström');
  });

  whenQpdf('is sound for qpdf, whatever the names', async () => {
    for (const one of [evidence, ...Object.values(hostile).map(withName)])
      expect(faultsByQpdf(await makeReceipt(one))).toBe('');
  });
});

describe('sigill receipt', () => {
  const root = join(work, 'root.pem');
  writeFileSync(root, vector.rootPem);
  let count = 0;
  const receipt = async (path: string, ...options: readonly string[]) => {
    const out = join(work, `receipt-${count++}.pdf`);
    const { code, stderr } = await runCli('receipt', path, '--out', out, ...options);
    return { code, stderr, pdf: existsSync(out) ? readFileSync(out) : undefined };
  };
  const trusted = ['--trust-unpinned', root];

  it('writes the same receipt of a folder and of its ZIP', async () => {
    const path = await writeFolder(join(work, 'folder'), folder);
    const packed = join(work, 'folder.zip');
    await writeZip(packed, new Map([...folder].map(([name, bytes]) => [`evidence/${name}`, bytes])));
    const expected = await makeReceipt(evidence);
    for (const source of [path, packed]) {
      const { code, pdf } = await receipt(source, ...trusted);
      expect([code, pdf?.equals(expected)]).toEqual([0, true]);
    }
  });

  it('writes the same receipt of a bundle, and none where its seal does not hold', async () => {
    const [sealing, log] = [await Sealing.open(now), new SmallLog()];
    await log.grow(digestOf(folder));
    const members = await ledgered(folder, log, 0, sealing);
    const bundle = join(work, 'evidence.asice');
    writeFileSync(bundle, writeBundle(members, await sealing.seal(members)));
    const { code, pdf } = await receipt(bundle, ...trusted);
    expect([code, pdf?.equals(await makeReceipt(evidence))]).toEqual([0, true]);
    const other = new Map(members).set('visible-text.txt', Buffer.from('Belopp: 1,00 SEK'));
    writeFileSync(bundle, writeBundle(members, await sealing.seal(other)));
    expect(await receipt(bundle, ...trusted)).toMatchObject({ code: 1, pdf: undefined });
  });

  it('writes none of evidence that was changed, or whose root nobody vouches for', async () => {
    const changed = new Map(folder).set('visible-text.txt', Buffer.from('Belopp: 1,00 SEK'));
    const path = await writeFolder(join(work, 'changed'), changed);
    expect(await receipt(path, ...trusted)).toMatchObject({ code: 1, pdf: undefined });
    const sound = await writeFolder(join(work, 'sound'), folder);
    expect(await receipt(sound)).toMatchObject({ code: 2, pdf: undefined });
  });

  it('writes none of an export, of a bare signature or of a file that is no evidence', async () => {
    const path = await writeFolder(join(work, 'export'), await exportOf({ [ONE]: folderOf(vectorOf(facts2)) }));
    expect(await receipt(path, ...trusted)).toMatchObject({ code: 64, pdf: undefined });
    const signature = join(work, 'bare.b64');
    writeFileSync(signature, vector.completion.signature);
    expect(await receipt(signature, ...trusted)).toMatchObject({ code: 64, pdf: undefined });
    const other = join(work, 'other.txt');
    writeFileSync(other, 'no evidence');
    expect(await receipt(other, ...trusted)).toMatchObject({ code: 66, pdf: undefined });
  });

  it('never overwrites a file', async () => {
    const path = await writeFolder(join(work, 'twice'), folder);
    const out = join(work, 'kept.pdf');
    writeFileSync(out, 'kept');
    expect(await runCli('receipt', path, '--out', out, ...trusted)).toMatchObject({ code: 64 });
    expect(readFileSync(out, 'utf8')).toBe('kept');
  });
});
