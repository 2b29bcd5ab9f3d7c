import { AMOUNT, currencyDecimals } from '../payment/money.ts';
import {
  BANKGIRO,
  BANKGIRO_OF_TODAY,
  BBAN,
  CREDITOR_REFERENCE,
  OCR_REFERENCE,
  RF_REFERENCE,
  creditorNameLength,
  endToEndLength,
  IBAN,
  PLUSGIRO,
  remittanceLength,
} from '../payment/limits.ts';
import { CURRENCIES, PAYMENT_INITIATION, REFERENCE_TYPES } from '../payment/initiation.ts';
import type { CreditorReference } from '../payment/creditor-reference.ts';
import { ATTESTATION, verificationResults, type VerificationResult } from '../payment/creditor-name-verification.ts';
import { PERMITTED_TEXT } from '../payment/permitted-text.ts';
import { example } from '../openapi/api-examples.ts';
import {
  InstantMember,
  Message,
  ObjectMember,
  partly,
  TextMember,
  UuidMember,
  WordMember,
} from '../openapi/members.ts';

/** An account has one of four kinds of numbers. `parseAccount` checks it; the class describes it. */
const ONE_NUMBER = { minProperties: 1, maxProperties: 1, description: 'Its check digits must be valid' };

@Message(ONE_NUMBER)
export class AccountDto {
  @TextMember({ optional: true, pattern: IBAN, description: 'With or without spaces' })
  iban?: string;

  @TextMember({ optional: true, pattern: BBAN, description: 'Swedish clearing number and account number' })
  bban?: string;

  @TextMember({ optional: true, pattern: BANKGIRO, description: 'With or without hyphen' })
  bankgiro?: string;

  @TextMember({ optional: true, pattern: PLUSGIRO, description: 'With or without hyphen' })
  plusgiro?: string;
}

@Message(ONE_NUMBER)
class PushedAccountDto extends AccountDto {
  @TextMember({ optional: true, pattern: BANKGIRO_OF_TODAY, description: 'With or without hyphen' })
  override bankgiro?: string;
}

const AMOUNT_MEANING = 'No more decimals than the currency has';

@Message()
class AmountDto {
  @WordMember(Object.keys(currencyDecimals), { description: 'ISO 4217' })
  currency!: string;

  @TextMember({ pattern: AMOUNT, description: AMOUNT_MEANING })
  amount!: string;
}

@Message()
class PushedAmountDto extends AmountDto {
  @WordMember(CURRENCIES, { description: 'ISO 4217' })
  override currency!: string;
}

/** Each type has a form of its own. */
const REFERENCE_BY_TYPE = {
  if: partly({ referenceType: { const: 'OCR' } }),
  then: partly({ reference: { pattern: OCR_REFERENCE.source } }, []),
  else: partly({ reference: { pattern: RF_REFERENCE.source } }, []),
};

@Message(REFERENCE_BY_TYPE)
class CreditorReferenceDto {
  @TextMember({
    pattern: CREDITOR_REFERENCE,
    description: 'An OCR number, or a creditor reference of ISO 11649 without spaces, with valid check digits',
  })
  reference!: string;

  @WordMember(REFERENCE_TYPES)
  referenceType!: CreditorReference['type'];
}

@Message({ description: 'One payment, with the member names of Berlin Group and RFC 9396' })
export class PaymentDto {
  @WordMember([PAYMENT_INITIATION])
  type!: typeof PAYMENT_INITIATION;

  @ObjectMember(() => AmountDto)
  instructedAmount!: AmountDto;

  @TextMember({ length: creditorNameLength })
  creditorName!: string;

  @ObjectMember(() => AccountDto)
  creditorAccount!: AccountDto;

  @ObjectMember(() => AccountDto, { optional: true })
  debtorAccount?: AccountDto;

  @TextMember({ optional: true, length: remittanceLength })
  remittanceInformationUnstructured?: string;

  @ObjectMember(() => CreditorReferenceDto, { optional: true })
  remittanceInformationStructured?: CreditorReferenceDto;

  @TextMember({ optional: true, length: endToEndLength })
  endToEndIdentification?: string;
}

const MATCHED_NAME_IF_CLOSE = {
  if: partly({ result: { const: 'close-match' } }),
  then: partly({ matchedName: {} }),
  else: { not: partly({ matchedName: {} }) },
};

@Message({
  ...MATCHED_NAME_IF_CLOSE,
  description:
    'What the verification of the payee said (Regulation (EU) No 260/2012 Art. 5c): only for a payment in euro to an IBAN',
})
export class CreditorNameVerificationDto {
  @WordMember(verificationResults)
  result!: VerificationResult;

  @TextMember({ optional: true, length: creditorNameLength, pattern: PERMITTED_TEXT, description: 'With close-match' })
  matchedName?: string;

  @InstantMember({ description: 'At most 10 minutes ago' })
  checkedAt!: string;

  @TextMember({
    optional: true,
    pattern: ATTESTATION,
    description:
      "Compact JWS with typ creditor-name-verification+jws by a registered key of the consent's bank, over account, checkedAt, " +
      'creditorName, matchedName and result. Without it, a match is not shown to the payer',
  })
  attestation?: string;
}

const VERIFIED_ONLY_IN_EURO_TO_IBAN = {
  if: partly({ creditorNameVerification: {} }),
  then: partly({ instructedAmount: partly({ currency: { const: 'EUR' } }), creditorAccount: partly({ iban: {} }) }),
};

/** What the payer reads. `parseInitiation` checks it; the class describes it. */
@Message({
  ...VERIFIED_ONLY_IN_EURO_TO_IBAN,
  description: 'A requested payment. No text may read like an amount or like a line of the signed text.',
})
export class PaymentInitiationDto extends PaymentDto {
  @ObjectMember(() => PushedAmountDto)
  override instructedAmount!: PushedAmountDto;

  @TextMember({ length: creditorNameLength, pattern: PERMITTED_TEXT })
  override creditorName!: string;

  @ObjectMember(() => PushedAccountDto)
  override creditorAccount!: PushedAccountDto;

  @ObjectMember(() => PushedAccountDto, { optional: true })
  override debtorAccount?: PushedAccountDto;

  @TextMember({ optional: true, length: remittanceLength, pattern: PERMITTED_TEXT })
  override remittanceInformationUnstructured?: string;

  @TextMember({ optional: true, length: endToEndLength, pattern: PERMITTED_TEXT })
  override endToEndIdentification?: string;

  @ObjectMember(() => CreditorNameVerificationDto, { optional: true })
  creditorNameVerification?: CreditorNameVerificationDto;
}

@Message({ description: 'The granted payment (RFC 9396 §7)' })
export class GrantedPaymentDto extends PaymentDto {
  @UuidMember()
  consent_id!: string;
}

/** The payment in the examples of all routes. */
export const examplePayment = {
  type: PAYMENT_INITIATION,
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
} as const;

/** A payment within the single euro payments area. */
export const exampleEuroPayment = {
  type: PAYMENT_INITIATION,
  instructedAmount: { currency: 'EUR', amount: '125.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { iban: 'SE4550000000058398257466' },
  remittanceInformationStructured: { reference: 'RF18539007547034', referenceType: 'RF' },
} as const;

export const exampleGrantedPayment = {
  ...examplePayment,
  creditorAccount: { bankgiro: '50501055' },
  consent_id: example.consentId,
} as const;
