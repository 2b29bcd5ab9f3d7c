import type { Evidence } from '../../evidence/evidence.ts';
import { parseAccount } from '../../payment/account.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import { indexLine } from './index-csv.ts';

function debtorCell(account: object): string {
  const initiation = {
    instructedAmount: { currency: 'SEK', amountMinor: 100n },
    creditorName: 'Elbolaget AB',
    creditorAccount: parseAccount({ bankgiro: '50501055' }, ''),
    debtorAccount: parseAccount(account, ''),
  };
  const facts = {
    bank: 'bank',
    clientId: 'shop',
    tpp: { name: 'x', authorisationNumber: 'x' },
    payer: 'bound',
    initiation,
  };
  const evidence = { consentId: 'c', evidenceId: 'e', evidenceDigest: Buffer.alloc(32), report: {} };
  const row = { folder: 'c', authorisedAt: new Date(0), evidence, facts } as unknown as {
    folder: string;
    authorisedAt: Date;
    evidence: Evidence;
    facts: SignedConsentFacts;
  };
  return indexLine(row, 'rfc4180').split(',')[12] ?? '';
}

describe('the index of an export', () => {
  it.each([
    ['an account numbered by its holder', { bban: '33001212121212' }, 'bban:3300121212****'],
    ['another account', { bban: '50001234560' }, 'bban:50001234560'],
    ['an IBAN of another bank', { iban: 'SE4550000000058398257466' }, 'iban:SE4550000000058398257466'],
  ])('shows %s without a personal number', (_, account, cell) => expect(debtorCell(account)).toBe(cell));
});
