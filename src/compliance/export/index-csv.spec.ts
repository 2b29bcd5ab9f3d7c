import type { Evidence } from '../../evidence/evidence.ts';
import { parseAccount } from '../../payment/account.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import type { CsvDialect } from '../export-request.ts';
import { indexLines, rowOf } from './index-csv.ts';

interface Exported {
  readonly debtorAccount?: object;
  readonly creditorName?: string;
  readonly ocrReference?: string;
  readonly digest?: Buffer;
}

function cellsOf(exported: Exported, dialect: CsvDialect): string[] {
  const initiation = {
    instructedAmount: { currency: 'SEK', amountMinor: 100n },
    creditorName: exported.creditorName ?? 'Elbolaget AB',
    creditorAccount: parseAccount({ bankgiro: '50501055' }, ''),
    debtorAccount: exported.debtorAccount && parseAccount(exported.debtorAccount, ''),
    creditorReference: exported.ocrReference === undefined ? undefined : { type: 'OCR', value: exported.ocrReference },
  };
  const facts = {
    bank: 'bank',
    clientId: 'shop',
    tpp: { name: 'x', authorisationNumber: 'x' },
    payer: 'bound',
    initiation,
  };
  const evidence = { consentId: 'c', evidenceId: 'e', evidenceDigest: exported.digest ?? Buffer.alloc(32), report: {} };
  const row = { folder: 'c', authorisedAt: new Date(0), evidence, facts } as unknown as {
    folder: string;
    authorisedAt: Date;
    evidence: Evidence;
    facts: SignedConsentFacts;
  };
  return indexLines([rowOf(row)], dialect)
    .trimEnd()
    .split(dialect === 'excel-sv' ? ';' : ',');
}

describe('the index of an export', () => {
  it.each([
    ['an account numbered by its holder', { bban: '33001212121212' }, 'bban:3300121212****'],
    ['another account', { bban: '50001234560' }, 'bban:50001234560'],
    ['an IBAN of another bank', { iban: 'SE4550000000058398257466' }, 'iban:SE4550000000058398257466'],
  ])('shows %s without a personal number', (_, debtorAccount, cell) =>
    expect(cellsOf({ debtorAccount }, 'rfc4180')[13]).toBe(cell),
  );

  it('alters no digest, also one that begins with a hyphen', () => {
    const digest = Buffer.concat([Buffer.from([0xfb]), Buffer.alloc(31, 7)]);
    const text = digest.toString('base64url');
    expect(text).toMatch(/^-/);
    expect(cellsOf({ digest }, 'rfc4180').at(-2)).toBe(text);
    expect(cellsOf({ digest }, 'excel-sv').at(-2)).toBe(`"=""${text}"""`);
  });

  it('keeps all 25 digits of an OCR number in a spreadsheet, which would keep 15', () => {
    const ocrReference = '1234567890123456789012342';
    expect(cellsOf({ ocrReference }, 'rfc4180')[15]).toBe(ocrReference);
    expect(cellsOf({ ocrReference }, 'excel-sv')[15]).toBe(`"=""${ocrReference}"""`);
    expect(cellsOf({}, 'excel-sv')[15]).toBe('');
  });

  it('lets no text from outside run as a formula', () => {
    for (const dialect of ['rfc4180', 'excel-sv'] as const) {
      expect(cellsOf({ creditorName: '=HYPERLINK(A1)' }, dialect)[11]).toBe("'=HYPERLINK(A1)");
      expect(cellsOf({ creditorName: '-1+1' }, dialect)[11]).toBe("'-1+1");
    }
  });
});
