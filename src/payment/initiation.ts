import canonicalize from 'canonicalize';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { formatAmount, type Money, parseMoney } from './money.ts';
import { type Account, accountToJson, parseAccount, parseSignedAccount } from './account.ts';
import { creditorReferenceToJson, parseCreditorReference, type CreditorReference } from './creditor-reference.ts';
import { parsePushedVerification, type CreditorNameVerification } from './creditor-name-verification.ts';
import { creditorNameLength, endToEndLength, isOfLength, remittanceLength, type Length } from './limits.ts';
import { checkPermittedCharacters, checkPermittedText } from './permitted-text.ts';
import { fault, findText, memberPointer, readObject, readText } from './members.ts';
import { isCurrencyOf, NEWEST, tablesOfToday, type TemplateVersion } from './templates/tables.ts';

export const PAYMENT_INITIATION = 'payment_initiation';

/** The member of a pushed payment that is a statement about it: signed beside the payment, and not executed with it. */
const CREDITOR_NAME_VERIFICATION = 'creditorNameVerification';

/** The currencies of new payments. */
export const CURRENCIES = tablesOfToday.currencies;

/** The types of references of new payments. */
export const REFERENCE_TYPES = tablesOfToday.referenceTypes;

/** One payment, exactly: what the TPP asks for, the payer signs and the bank executes. */
export interface PaymentInitiation {
  readonly instructedAmount: Money;
  readonly creditorName: string;
  readonly creditorAccount: Account;
  readonly debtorAccount: Account | undefined;
  readonly remittanceInformationUnstructured: string | undefined;
  readonly creditorReference: CreditorReference | undefined;
  readonly endToEndIdentification: string | undefined;
}

/**
 * Reads an initiation that a TPP pushes now, by all of today's rules.
 * @param pointer JSON pointer of the object, '' when it is the whole document
 * @throws DomainError `initiation.invalid` with the pointer of the member at fault
 * @see RFC 9396 §2; Berlin Group NextGenPSD2 1.3.11, payment initiation
 */
export function parseInitiation(value: unknown, pointer: string): PaymentInitiation {
  return read(value, pointer, {
    version: NEWEST,
    checkText: checkPermittedText,
    checkCurrency: checkCurrencyOfToday,
    parseAccount,
  });
}

/**
 * Reads an initiation that was signed with a template of this version, perhaps long ago: what was withdrawn since then, and
 * labels of newer templates, are accepted in it.
 * @throws DomainError `initiation.invalid`
 */
export function parseSignedInitiation(value: unknown, pointer: string, version: TemplateVersion): PaymentInitiation {
  return read(value, pointer, {
    version,
    checkText: (text, at) => checkPermittedCharacters(text, at, version),
    checkCurrency: ({ currency }, at) => {
      if (!isCurrencyOf(version, currency)) fault(`${at}/currency`, 'The template of this text has no such currency.');
    },
    parseAccount: parseSignedAccount,
  });
}

/** Reads an initiation from a row of the database: pushed or signed once, by the rules of any version. @throws DomainError `initiation.invalid` */
export function parseStoredInitiation(value: unknown): PaymentInitiation {
  return parseSignedInitiation(value, '', NEWEST);
}

/**
 * Reads the payment that a bank is about to execute. It is only compared with what was signed: its texts are not checked.
 * @throws DomainError `initiation.invalid`
 */
export function parseExecutedInitiation(value: unknown, pointer: string): PaymentInitiation {
  return read(value, pointer, {
    version: NEWEST,
    checkText: checkWellFormed,
    checkCurrency: () => undefined,
    parseAccount: parseSignedAccount,
  });
}

/** What `authorization_details` of a push hold: the payment, and what the verification of its payee said. */
export interface PushedPayment {
  readonly initiation: PaymentInitiation;
  readonly verification: CreditorNameVerification | undefined;
}

/**
 * Reads `authorization_details`: an array of exactly one `payment_initiation`.
 * @throws DomainError `initiation.invalid`, pointers begin with `/authorization_details`
 * @see RFC 9396 §5
 */
export function parseAuthorizationDetails(value: unknown): PushedPayment {
  const pointer = '/authorization_details';
  if (!Array.isArray(value)) return fault(pointer, 'An array is expected here.');
  if (value.length === 0) return fault(pointer, 'One object of type payment_initiation is expected here.');
  if (value.length > 1) return fault(`${pointer}/1`, 'A consent covers exactly one payment.');
  const [details] = value as readonly unknown[];
  if (!isJsonObject(details) || !Object.hasOwn(details, CREDITOR_NAME_VERIFICATION))
    return { initiation: parseInitiation(details, `${pointer}/0`), verification: undefined };
  const { [CREDITOR_NAME_VERIFICATION]: stated, ...payment } = details;
  const initiation = parseInitiation(payment, `${pointer}/0`);
  const at = `${pointer}/0/${CREDITOR_NAME_VERIFICATION}`;
  return { initiation, verification: parsePushedVerification(stated, initiation, at) };
}

/**
 * The wire form: accounts in normal form, the amount with all decimals of its currency, absent members left out. The
 * members are in the order of RFC 8785, so JSON.stringify writes the canonical form.
 */
export function initiationToJson(initiation: PaymentInitiation): JsonObject {
  const {
    instructedAmount,
    debtorAccount,
    remittanceInformationUnstructured,
    creditorReference,
    endToEndIdentification,
  } = initiation;
  return {
    creditorAccount: accountToJson(initiation.creditorAccount),
    creditorName: initiation.creditorName,
    ...(debtorAccount && { debtorAccount: accountToJson(debtorAccount) }),
    ...(endToEndIdentification !== undefined && { endToEndIdentification }),
    instructedAmount: { amount: formatAmount(instructedAmount), currency: instructedAmount.currency },
    ...(creditorReference && { remittanceInformationStructured: creditorReferenceToJson(creditorReference) }),
    ...(remittanceInformationUnstructured !== undefined && { remittanceInformationUnstructured }),
    type: PAYMENT_INITIATION,
  };
}

/**
 * The RFC 8785 form of the wire form: two payments are equal if their texts are, that is, by members, minor units, normal
 * forms and code points.
 */
export function initiationText(initiation: PaymentInitiation): string {
  return canonicalJson(initiationToJson(initiation));
}

/**
 * The signed texts that allow this payment: as the bank names it, and without the debited account, which a bank may add if the
 * payer left it open. A text that was signed with another account, or with one that the bank does not name, is not among them.
 */
export function textsThatAllow(executed: PaymentInitiation): readonly string[] {
  const texts = [executed, { ...executed, debtorAccount: undefined }].map(initiationText);
  return [...new Set(texts)];
}

/** RFC 8785 form of a JSON value. */
export function canonicalJson(value: JsonObject): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value cannot be written as canonical JSON');
  return text;
}

/** Today's rules that did not always apply. */
interface Rules {
  /** Of the template that shows the payment. */
  readonly version: TemplateVersion;
  readonly checkText: (value: string, pointer: string) => void;
  readonly checkCurrency: (money: Money, pointer: string) => void;
  readonly parseAccount: (value: unknown, pointer: string) => Account;
}

function checkCurrencyOfToday({ currency }: Money, pointer: string): void {
  if (!CURRENCIES.includes(currency)) fault(`${pointer}/currency`, 'The currency has been withdrawn.');
}

/** An unpaired surrogate has no form in RFC 8785 (§3.2.2.2), so there is nothing to compare it with. */
function checkWellFormed(value: string, pointer: string): void {
  if (!value.isWellFormed()) fault(pointer, 'The text has an unpaired surrogate.');
}

const members = [
  'type',
  'instructedAmount',
  'creditorName',
  'creditorAccount',
  'debtorAccount',
  'remittanceInformationUnstructured',
  'remittanceInformationStructured',
  'endToEndIdentification',
];

function read(value: unknown, pointer: string, rules: Rules): PaymentInitiation {
  refuseExecutionDate(value, pointer);
  const object = readObject(value, members, pointer);
  if (readText(object, 'type', pointer) !== PAYMENT_INITIATION)
    fault(`${pointer}/type`, `Only ${PAYMENT_INITIATION} is supported.`);
  const account = (name: string) => readAccount(object, name, pointer, rules);
  const line = (name: string, length: Length) => readLine(object, name, length, pointer, rules);
  return {
    instructedAmount: readAmount(object, pointer, rules),
    creditorName: line('creditorName', creditorNameLength) ?? missing(pointer, 'creditorName'),
    creditorAccount: account('creditorAccount') ?? missing(pointer, 'creditorAccount'),
    debtorAccount: account('debtorAccount'),
    remittanceInformationUnstructured: line('remittanceInformationUnstructured', remittanceLength),
    creditorReference: readCreditorReference(object, pointer, rules),
    endToEndIdentification: line('endToEndIdentification', endToEndLength),
  };
}

/** A member that Berlin Group defines, so its refusal has a message of its own: payments here are executed at once. */
function refuseExecutionDate(value: unknown, pointer: string): void {
  if (!isJsonObject(value) || !Object.hasOwn(value, 'requestedExecutionDate')) return;
  fault(`${pointer}/requestedExecutionDate`, 'Payments at a later date are not supported; leave this member out.');
}

function readAmount(object: JsonObject, pointer: string, rules: Rules): Money {
  const name = 'instructedAmount';
  if (!Object.hasOwn(object, name)) return missing(pointer, name);
  const at = memberPointer(pointer, name);
  const amount = readObject(object[name], ['currency', 'amount'], at);
  const money = parseMoney(readText(amount, 'currency', at), readText(amount, 'amount', at), at);
  rules.checkCurrency(money, at);
  return money;
}

function readAccount(object: JsonObject, name: string, pointer: string, rules: Rules): Account | undefined {
  return Object.hasOwn(object, name) ? rules.parseAccount(object[name], memberPointer(pointer, name)) : undefined;
}

function readLine(object: JsonObject, name: string, length: Length, pointer: string, rules: Rules): string | undefined {
  const value = findText(object, name, pointer);
  if (value === undefined) return undefined;
  const at = memberPointer(pointer, name);
  if (!isOfLength(value, length)) {
    fault(at, `Between ${length.min} and ${length.max} characters are expected here.`);
  }
  rules.checkText(value, at);
  return value;
}

function readCreditorReference(object: JsonObject, pointer: string, rules: Rules): CreditorReference | undefined {
  const name = 'remittanceInformationStructured';
  if (!Object.hasOwn(object, name)) return undefined;
  return parseCreditorReference(object[name], memberPointer(pointer, name), rules.version);
}

function missing(pointer: string, name: string): never {
  return fault(memberPointer(pointer, name), 'This member is missing.');
}
