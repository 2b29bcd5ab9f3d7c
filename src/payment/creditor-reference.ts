import type { JsonObject } from '../kernel/json.ts';
import { findRfReference, isOcrReference } from './accounts/check-digits.ts';
import { OCR_REFERENCE, RF_REFERENCE } from './limits.ts';
import { fault, memberPointer, readObject, readText } from './members.ts';
import { isReferenceTypeOf, type ReferenceType, type TemplateVersion } from './templates/tables.ts';

/** The payee's reference of an invoice with valid check digits; of type RF in capitals. */
export interface CreditorReference {
  readonly type: ReferenceType;
  readonly value: string;
}

/**
 * Reads `{"referenceType": "OCR" | "RF", "reference"}`.
 * @param version of the template that shows it
 * @throws DomainError `initiation.invalid`
 * @see ISO 11649 for RF; Bankgirot, "OCR-referens"
 */
export function parseCreditorReference(value: unknown, pointer: string, version: TemplateVersion): CreditorReference {
  const object = readObject(value, ['reference', 'referenceType'], pointer);
  const type = readText(object, 'referenceType', pointer);
  if (!isReferenceTypeOf(version, type))
    return fault(memberPointer(pointer, 'referenceType'), 'This type of reference is not supported.');
  const written = readText(object, 'reference', pointer);
  const reference = find[type](written);
  return reference === undefined
    ? fault(memberPointer(pointer, 'reference'), faultOf[type](written))
    : { type, value: reference };
}

/** Members in the order of RFC 8785. */
export function creditorReferenceToJson({ type, value }: CreditorReference): JsonObject {
  return { reference: value, referenceType: type };
}

/** As invoices print it: an RF reference in groups of four. It never changes. */
export function formatCreditorReference({ type, value }: CreditorReference): string {
  return type === 'RF' ? value.replaceAll(/(.{4})(?=.)/g, '$1 ') : value;
}

const find: Readonly<Record<ReferenceType, (value: string) => string | undefined>> = {
  OCR: (value) => (isOcrReference(value) ? value : undefined),
  RF: findRfReference,
};

const faultOf: Readonly<Record<ReferenceType, (value: string) => string>> = {
  OCR: (value) =>
    OCR_REFERENCE.test(value) ? 'The check digit of the OCR number is wrong.' : 'An OCR number has 2 to 25 digits.',
  RF: (value) =>
    RF_REFERENCE.test(value)
      ? 'The check digits of the RF reference are wrong.'
      : 'An RF reference is RF, two digits, and 1 to 21 letters and digits, without spaces.',
};
