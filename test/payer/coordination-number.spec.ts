import { createHash } from 'node:crypto';
import { PayerSteps } from '../support/parties/payer-steps.ts';
import { payment } from '../support/parties/payment.ts';

/** Skatteverket's test number of a person whose month of birth is not known. */
const sam = '191500722390';

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a payer with a coordination number without month', () => {
  it.each([
    ['named by the TPP', { login_hint: `personnummer:${sam}` }],
    ['not named', {}],
  ])('%s signs, and the bank executes the payment of that very person', async (_, hint) => {
    const { pushed, token } = await steps.paid(payment, hint, { personalNumber: sam });
    const { bank } = steps.parties;
    const known = await bank.postAs('/introspect', { token });
    expect(known.body).toMatchObject({ active: true, payer: { personalNumber: sam } });
    const consumed = await bank.call(
      await bank.machineToken('consume'),
      'POST',
      `/consents/${pushed.consentId}/consume`,
      {
        body: {
          accessTokenSha256: createHash('sha256').update(token).digest('base64url'),
          payment,
          payer: { personalNumber: sam },
          paymentReference: `sam-${pushed.consentId}`,
        },
      },
    );
    expect(consumed.status).toBe(200);
  });
});
