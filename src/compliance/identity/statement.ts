import { createHash } from 'node:crypto';
import { canonicalJson } from '../../crypto/json/canonical-json.ts';
import type { JsonObject } from '../../kernel/json.ts';

/** What a person signs through the provider of the bank: the nonce of their id_token is its hash. */
export interface Statement {
  /** RFC 8785 JSON, so that all spellings have one hash. */
  readonly text: string;
  /** base64url of the SHA-256 of the text in UTF-8: 43 characters. */
  readonly nonce: string;
}

export function statementOf(value: JsonObject): Statement {
  return statementOfText(canonicalJson(value));
}

export function statementOfText(text: string): Statement {
  return { text, nonce: createHash('sha256').update(text, 'utf8').digest('base64url') };
}
