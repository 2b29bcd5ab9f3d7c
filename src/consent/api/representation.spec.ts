import type { ClientId, ConsentId, InteractionId } from '../../kernel/ids.ts';
import { parseInitiation } from '../../payment/initiation.ts';
import type { Consent } from '../consent.ts';
import { consentToJson } from './representation.ts';

const at = new Date('2026-11-22T10:00:00.000Z');
const consent: Consent = {
  consentId: '00000000-0000-4000-8000-000000000001' as ConsentId,
  bank: 'bank' as ClientId,
  clientId: 'shop' as ClientId,
  interactionId: 'A'.repeat(22) as InteractionId,
  channel: { way: 'browser' },
  state: 'awaiting-authorisation',
  reason: undefined,
  bankName: 'Exempelbanken AB',
  creditorNameVerification: undefined,
  tpp: { name: 'Exempelbutiken AB', authorisationNumber: 'PSDSE-FINA-44001' },
  initiation: parseInitiation(
    {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '1' },
      creditorName: 'Elbolaget AB',
      creditorAccount: { bankgiro: '50501055' },
    },
    '',
  ),
  payer: 'unbound',
  failedAttempts: 0,
  createdAt: at,
  expiresAt: at,
  authorisedAt: undefined,
  endedAt: undefined,
  paymentReference: undefined,
  debtorAccount: undefined,
  execution: undefined,
  executionReason: undefined,
  signingBegun: false,
};
const consumed: Partial<Consent> = {
  state: 'consumed',
  authorisedAt: at,
  execution: 'pending',
  paymentReference: 'PAY-1',
};

describe('the words for a consent in other worlds', () => {
  it.each<[string, Partial<Consent>, string]>([
    ['awaiting, no order', {}, 'RCVD received AWAU'],
    ['awaiting, an order', { signingBegun: true }, 'RCVD started AWAU'],
    ['authorised', { state: 'authorised', authorisedAt: at }, 'ACTC finalised AUTH'],
    ['consumed', consumed, 'ACTC finalised COND'],
    ['executed', { ...consumed, execution: 'executed' }, 'ACSC finalised COND'],
    ['failed', { ...consumed, execution: 'failed', executionReason: 'no cover' }, 'RJCT finalised COND'],
    ['rejected', { state: 'rejected', reason: 'risk' }, 'RJCT failed RJCT'],
    ['expired before', { state: 'expired', reason: 'no-authorisation' }, 'RJCT failed RJCT'],
    ['expired after', { state: 'expired', reason: 'no-return', authorisedAt: at }, 'RJCT finalised AUTH'],
    ['revoked before', { state: 'revoked', reason: 'tpp' }, 'CANC failed RJCT'],
    ['revoked after', { state: 'revoked', reason: 'bank', authorisedAt: at }, 'CANC finalised AUTH'],
  ])('%s', (_state, change, words) => {
    const { berlinGroup, obie } = consentToJson({ ...consent, ...change }, 'tpp') as {
      berlinGroup: { transactionStatus: string; scaStatus: string };
      obie: { status: string };
    };
    expect(`${berlinGroup.transactionStatus} ${berlinGroup.scaStatus} ${obie.status}`).toBe(words);
  });
});

describe('what a TPP may read of a consent', () => {
  it('is neither which factor failed nor what is between payer and bank', () => {
    const account = { kind: 'bankgiro', value: '50501055' } as const;
    const ended = {
      ...consent,
      ...consumed,
      debtorAccount: account,
      execution: 'failed',
      executionReason: 'no cover',
    } as const;
    const read = consentToJson(ended, 'tpp');
    expect(read).not.toHaveProperty('paymentReference');
    expect(read).not.toHaveProperty('debtorAccount');
    expect(read).not.toHaveProperty('executionReason');
    expect(consentToJson(ended, 'bank')).toMatchObject({ paymentReference: 'PAY-1', executionReason: 'no cover' });
    expect(consentToJson({ ...consent, state: 'rejected', reason: 'risk' }, 'tpp')).toMatchObject({
      reason: 'not-completed',
    });
  });
});
