import type { Evidence } from '../../evidence/evidence.ts';
import { parseAccount } from '../../payment/account.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import type { CsvDialect } from '../export-request.ts';
import { indexHeader, indexLines, rowOf } from './index-csv.ts';

interface Exported {
  readonly debtorAccount?: object;
  readonly creditorName?: string;
  readonly ocrReference?: string;
  readonly digest?: Buffer;
}

interface ExportedRow {
  readonly folder: string;
  readonly authorisedAt: Date;
  readonly evidence: Evidence;
  readonly facts: SignedConsentFacts;
}

function rowWith(exported: Exported): ExportedRow {
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
  const evidence = {
    consentId: 'c',
    evidenceId: 'e',
    evidenceDigest: exported.digest ?? Buffer.alloc(32),
    report: '{}',
  };
  return { folder: 'c', authorisedAt: new Date(0), evidence, facts } as unknown as ExportedRow;
}

function cellsOf(exported: Exported, dialect: CsvDialect): string[] {
  return indexLines([rowOf(rowWith(exported))], dialect)
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

  it('names bank, channel, reference and verification of the payee where they were signed', () => {
    const cells = (signed: object): readonly string[] => {
      const row = rowWith({});
      const facts = { ...row.facts, ...signed };
      return indexLines([rowOf({ ...row, facts })], 'rfc4180')
        .trimEnd()
        .split(',');
    };
    const at = (name: string): number => indexHeader('rfc4180').trimEnd().split(',').indexOf(name);
    const [one, two] = [
      cells({}),
      cells({
        bankName: 'Exempelbanken AB',
        channel: { way: 'phone', callInitiator: 'user' },
        creditorNameVerification: { result: 'no-match', checkedAt: new Date(0), attestation: 'a.b.c' },
      }),
    ];
    const named = ['bank_name', 'channel', 'call_initiator', 'creditor_name_verification', 'creditor_name_verified_by'];
    expect(named.map((name) => one[at(name)])).toEqual(['', '', '', '', '']);
    expect(named.map((name) => two[at(name)])).toEqual(['Exempelbanken AB', 'phone', 'user', 'no-match', 'bank']);
  });

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
