import { closedObject, oneOf, text } from '../openapi/api-answers.ts';
import type { Schema } from '../openapi/api-description.ts';
import { currenciesOfToday } from '../payment/money.ts';

export const accountSchema: Schema = {
  title: 'Account',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    iban: text('With or without spaces'),
    bban: text('Swedish clearing number and account number'),
    bankgiro: text('With or without hyphen'),
    plusgiro: text('With or without hyphen'),
  },
  examples: [{ bankgiro: '50501055' }, { iban: 'SE4550000000058398257466' }],
};

const members: Readonly<Record<string, Schema>> = {
  type: { const: 'payment_initiation' },
  instructedAmount: closedObject({
    title: 'Amount',
    properties: {
      currency: oneOf(...currenciesOfToday),
      amount: {
        type: 'string',
        pattern: String.raw`^(0|[1-9]\d{0,12})(\.\d{1,5})?$`,
        description: 'Above zero, with no more decimals than the currency has',
      },
    },
    examples: [{ currency: 'SEK', amount: '1250.00' }],
  }),
  creditorName: { type: 'string', minLength: 1, maxLength: 70 },
  creditorAccount: accountSchema,
  debtorAccount: accountSchema,
  remittanceInformationUnstructured: { type: 'string', minLength: 1, maxLength: 140 },
  remittanceInformationStructured: closedObject({
    properties: {
      reference: { type: 'string', pattern: String.raw`^\d{2,25}$`, description: 'OCR number' },
      referenceType: { const: 'OCR' },
    },
  }),
  endToEndIdentification: { type: 'string', minLength: 1, maxLength: 35 },
};

const optional = [
  'debtorAccount',
  'remittanceInformationUnstructured',
  'remittanceInformationStructured',
  'endToEndIdentification',
];

/** One payment, in the names of Berlin Group and RFC 9396. */
export const paymentSchema = closedObject({
  title: 'PaymentInitiation',
  description: 'Check digits of accounts and OCR numbers must be right.',
  properties: members,
  optional,
});

/** The payment as it was granted (RFC 9396 §7). */
export const grantedPaymentSchema = closedObject({
  title: 'GrantedPayment',
  properties: { ...members, consent_id: { type: 'string', format: 'uuid' } },
  optional,
});
