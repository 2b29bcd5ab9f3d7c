import { DomainError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import {
  buildLoginData,
  loginToJson,
  parseLoginData,
  type SignedLoginFacts,
} from '../../identification/non-visible.ts';
import { renderLoginText } from '../../identification/visible-text.ts';
import {
  buildNonVisibleData,
  consentToJson,
  parseNonVisibleData,
  type SignedConsentFacts,
} from '../../payment/non-visible.ts';
import { renderVisibleText } from '../../payment/visible-text.ts';

/** What a person signs with us: a consent, or a login, which alone has a loginId. */
export type SignedFacts = SignedConsentFacts | SignedLoginFacts;

export function isLogin(facts: SignedFacts): facts is SignedLoginFacts {
  return 'loginId' in facts;
}

/** The facts in signed non-visible data; undefined for data that are neither those of a consent nor those of a login. */
export function findSignedFacts(data: Uint8Array): SignedFacts | undefined {
  return findFacts(parseNonVisibleData, data) ?? findFacts(parseLoginData, data);
}

function findFacts<F>(parse: (data: Uint8Array) => F, data: Uint8Array): F | undefined {
  try {
    return parse(data);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

export function renderSignedText(facts: SignedFacts): string {
  return isLogin(facts) ? renderLoginText(facts) : renderVisibleText(facts);
}

export function buildSignedData(facts: SignedFacts): Uint8Array {
  return isLogin(facts) ? buildLoginData(facts) : buildNonVisibleData(facts);
}

/** The content of consent.json or login.json. */
export function statementOf(facts: SignedFacts): JsonObject {
  return isLogin(facts) ? loginToJson(facts) : consentToJson(facts);
}
