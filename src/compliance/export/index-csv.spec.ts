import { parseAccount } from '../../payment/account.ts';
import { indexHeader, indexLines, rowOf, type ExportedConsent, type IndexForm } from './index-csv.ts';

interface Exported {
  readonly debtorAccount?: object;
  readonly creditorName?: string;
  readonly ocrReference?: string;
  readonly digest?: Buffer;
  readonly course?: object;
}

function rowWith(exported: Exported): ExportedConsent {
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
  return {
    folder: 'c',
    authorisedAt: new Date(0),
    evidence,
    facts,
    course: exported.course,
  } as unknown as ExportedConsent;
}

function cellOf(column: string, exported: Exported, form: IndexForm): string | undefined {
  const cells = indexLines([rowOf(rowWith(exported))], form)
    .trimEnd()
    .split(form === 'rfc4180' ? ',' : ';');
  return cells[indexHeader('rfc4180').trimEnd().split(',').indexOf(column)];
}

describe('the index of an export', () => {
  it.each([
    ['an account numbered by its holder', { bban: '33001212121212' }, 'bban:3300121212****'],
    ['another account', { bban: '50001234560' }, 'bban:50001234560'],
    ['an IBAN of another bank', { iban: 'SE4550000000058398257466' }, 'iban:SE4550000000058398257466'],
  ])('shows %s without a personal number', (_, debtorAccount, cell) =>
    expect(cellOf('debtor_account', { debtorAccount }, 'rfc4180')).toBe(cell),
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
    expect(cellOf('evidence_digest', { digest }, 'rfc4180')).toBe(text);
    expect(cellOf('evidence_digest', { digest }, 'spreadsheet-sv')).toBe(`"=""${text}"""`);
  });

  it('keeps all 25 digits of an OCR number in a spreadsheet, which would keep 15', () => {
    const ocrReference = '1234567890123456789012342';
    expect(cellOf('reference', { ocrReference }, 'rfc4180')).toBe(ocrReference);
    expect(cellOf('reference', { ocrReference }, 'spreadsheet-sv')).toBe(`"=""${ocrReference}"""`);
    expect(cellOf('reference', {}, 'spreadsheet-sv')).toBe('');
  });

  it('says in both forms what became of the consent, in UTC and in Swedish time', () => {
    const course = {
      number: 123,
      state: 'consumed',
      consumedAt: new Date('2026-03-29T01:30:00Z'),
      paymentReference: '2026-0004711',
      execution: 'executed',
      executionReportedAt: new Date('2026-12-31T23:30:00Z'),
    };
    const cells = (form: IndexForm): readonly (string | undefined)[] =>
      ['ledger_number', 'state', 'consumed_at', 'execution', 'execution_reported_at', 'payment_reference'].map(
        (column) => cellOf(column, { course }, form),
      );
    expect(cells('rfc4180')).toEqual([
      ...['123', 'consumed', '2026-03-29T01:30:00.000Z', 'executed', '2026-12-31T23:30:00.000Z', '2026-0004711'],
    ]);
    expect(cells('spreadsheet-sv')).toEqual([
      ...['123', 'consumed', '2026-03-29 03:30:00', 'executed', '2027-01-01 00:30:00', '"=""2026-0004711"""'],
    ]);
  });

  it('marks foreign text that a spreadsheet would read as a number or a day as text, and ends no mark early', () => {
    for (const [creditorName, cell] of [
      ['007', '"=""007"""'],
      ['1/2', '"=""1/2"""'],
      ['12"&A1', '"=""12""""&A1"""'],
      ['="12"', `"'=""12"""`],
      ['Åsa', 'Åsa'],
    ] as const)
      expect(cellOf('creditor_name', { creditorName }, 'spreadsheet-sv')).toBe(cell);
  });

  it('lets no text from outside run as a formula', () => {
    for (const form of ['rfc4180', 'spreadsheet-sv'] as const) {
      expect(cellOf('creditor_name', { creditorName: '=HYPERLINK(A1)' }, form)).toBe("'=HYPERLINK(A1)");
      expect(cellOf('creditor_name', { creditorName: '-1+1' }, form)).toBe("'-1+1");
    }
  });

  it.each([
    ['a;=1+1;b', "a;'=1+1;b"],
    ["Hyra, =cmd|'/C calc'!A0", "Hyra,' =cmd|'/C calc'!A0"],
    ['a;"@SUM(A1)', `a;'"@SUM(A1)`],
    ['a,-2+3,+1', "a,'-2+3,'+1"],
    ['100,- per mån; tack', '100,- per mån; tack'],
  ])('lets none run where a spreadsheet divides cells at the other delimiter: %s', (creditorName, written) => {
    const quoted = /["]/.test(written) ? written.replaceAll('"', '""') : written;
    for (const form of ['rfc4180', 'spreadsheet-sv'] as const) {
      const line = indexLines([rowOf(rowWith({ creditorName }))], form);
      expect(line).toContain(quoted);
      expect(line).not.toMatch(/[;,]\s*"?\s*[=@]\w/);
    }
  });
});
