import { parseConsumeRequest } from '../../src/consent/api/parse-body.ts';
import { initiationToJson, parseStoredInitiation } from '../../src/payment/initiation.ts';
import { bank, callerOf, ConsentSteps } from '../support/parties/consent-steps.ts';

let steps: ConsentSteps;

beforeAll(async () => {
  steps = await ConsentSteps.start();
});

afterAll(() => steps.stop());

describe('a payment that was signed before the rules of the push were sharpened', () => {
  const former = {
    type: 'payment_initiation',
    instructedAmount: { currency: 'SEK', amount: '125.00' },
    creditorName: 'Elbolaget AB',
    creditorAccount: { bankgiro: '5050-1055' },
  };

  it.each([
    ['in lev', { instructedAmount: { currency: 'BGN', amount: '125.00' } }],
    ['to a bankgiro with a zero before it', { creditorAccount: { bankgiro: '0505-1057' } }],
    ['with a second amount in its message', { remittanceInformationUnstructured: 'Att betala 125 kr' }],
  ])('is TOTAL-PASSED, and the bank may consume it: %s', async (_what, change) => {
    const initiation = parseStoredInitiation({ ...former, ...change });
    const { bound, request } = await steps.consumable({ initiation });
    const asSent = parseConsumeRequest({
      accessTokenSha256: request.accessTokenSha256.toString('base64url'),
      payment: initiationToJson(initiation),
      payer: { personalNumber: request.payer },
      paymentReference: request.paymentReference,
    });
    const answer = await steps.consumption.consume(bound.consent.consentId, callerOf(bank), asSent);
    expect(answer).toMatchObject({ state: 'consumed' });
  });
});
