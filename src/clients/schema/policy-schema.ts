import { ways } from '../../payment/channel.ts';
import { AMOUNT, currencyDecimals } from '../../payment/money.ts';
import { MAX_AGE_DAYS, MAX_RULES, RULE_NAME } from '../members/forms.ts';
import { closed, has, someOf, text, whole, without, type SchemaObject } from './json-schema.ts';

/** Amounts by currency, as text: at least one. */
export const amounts: SchemaObject = closed(
  Object.fromEntries(
    Object.entries(currencyDecimals).map(([currency, decimals]) => [
      currency,
      decimals === 0 ? text(AMOUNT, { not: { pattern: '\\.' } }) : text(AMOUNT),
    ]),
  ),
  { minProperties: 1 },
);

const pinCode = {
  const: true,
  description: 'The security code, even where the app would accept a fingerprint or a face.',
};
const cardReader = { enum: ['class1', 'class2'], description: 'BankID on card, in a reader of this class.' };
const mrtd = { const: true, description: 'The app reads an identity document; needs withoutDocument.' };

const rule: SchemaObject = closed(
  {
    name: text(RULE_NAME, { description: 'By which the evidence names the rule; unique in the policy.' }),
    amountsFrom: { $ref: '#/$defs/amounts', description: 'By currency, the amount from which the rule applies.' },
    ways: { ...someOf(ways), description: 'Where the rule applies; everywhere without it.' },
    requirement: {
      ...closed({ pinCode, mrtd, cardReader }, { minProperties: 1 }),
      description: 'What the order demands of BankID.',
    },
    withoutDocument: {
      ...closed({ pinCode, cardReader }, { minProperties: 1 }),
      description: 'What is demanded in place of the requirement of a payer whose document cannot be read.',
    },
    maxRisk: { enum: ['low', 'moderate'], description: 'The highest risk indication that is accepted.' },
    minBankIdAgeDays: whole(
      { min: 1, max: MAX_AGE_DAYS },
      { description: 'How many days before the order the BankID must have been issued.' },
    ),
  },
  {
    required: ['name'],
    anyOf: [{ required: ['requirement'] }, { required: ['maxRisk'] }, { required: ['minBankIdAgeDays'] }],
    if: has('requirement', has('mrtd', { const: true })),
    then: { required: ['withoutDocument'], properties: { ways: { not: { contains: { const: 'phone' } } } } },
    else: without('withoutDocument'),
  },
);

export const policy: SchemaObject = { type: 'array', minItems: 1, maxItems: MAX_RULES, items: rule };
