import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { decompress } from '../vault/compressed.ts';
import type { DataKey } from '../vault/envelope.ts';

/** Under which kind BankID's final answer is sealed, compressed, with the data key of its subject and its order id. */
export const ANSWER_KIND = 'bankid-answer';

/** What was signed, and what vouches for the certificate: base64 texts exactly as BankID delivered them. */
export interface ReceivedSignature {
  readonly signature: string;
  readonly ocspResponse: string | undefined;
}

/** BankID's final answer, byte for byte. @throws when it was altered, or belongs to another order */
export function openAnswer(key: DataKey, orderId: string, sealed: Uint8Array): Buffer {
  return decompress(key.open(ANSWER_KIND, orderId, sealed));
}

/** The answer of an order that was signed. @throws also when it holds no signature */
export function openSignature(key: DataKey, orderId: string, sealed: Uint8Array): ReceivedSignature {
  const answer: unknown = JSON.parse(openAnswer(key, orderId, sealed).toString('utf8'));
  const data = isJsonObject(answer) ? answer['completionData'] : undefined;
  const { signature, ocspResponse = null } = data !== undefined && isJsonObject(data) ? data : ({} as JsonObject);
  if (typeof signature !== 'string' || (ocspResponse !== null && typeof ocspResponse !== 'string'))
    throw new TypeError(`the answer to order ${orderId} holds no signature`);
  return { signature, ocspResponse: ocspResponse ?? undefined };
}
