import type { JsonObject } from '../../kernel/json.ts';
import { Secret } from '../../kernel/secret.ts';
import { compress, decompress } from '../../vault/compressed.ts';
import type { DataKey } from '../../vault/envelope.ts';
import { ANSWER_KIND } from '../received-answer.ts';
import type { OrderBody } from '../rp-api/order-body.ts';
import type { StartSecrets } from '../rp-api/parse-answer.ts';
import type { OrderStart } from '../sign-order.ts';

const REQUEST = 'sign-order.request';
const START = 'sign-order.start';

/** The request to BankID, with the context that is returned to the module that placed the order. */
export interface SealedRequest {
  readonly body: OrderBody;
  /** In full; BankID accepts at most 256 characters of a browser's user agent. */
  readonly start: OrderStart;
  readonly context: JsonObject;
}

export function sealRequest(key: DataKey, orderId: string, request: SealedRequest): Buffer {
  return key.seal(REQUEST, orderId, compress(Buffer.from(JSON.stringify(request), 'utf8')));
}

/** @throws Error where the order has none */
export function openRequest(key: DataKey, orderId: string, sealed: Uint8Array | undefined): SealedRequest {
  if (!sealed) throw new Error(`order ${orderId} has no request`);
  // The seal authenticates it: only sealRequest can have made it.
  return JSON.parse(decompress(key.open(REQUEST, orderId, sealed)).toString('utf8')) as SealedRequest;
}

export function sealStart(key: DataKey, orderId: string, start: StartSecrets): Buffer {
  const plain = [start.autoStartToken, start.qrStartToken, start.qrStartSecret].map((secret) => secret.reveal());
  return key.seal(START, orderId, Buffer.from(JSON.stringify(plain), 'utf8'));
}

export function openStart(key: DataKey, orderId: string, sealed: Uint8Array): StartSecrets {
  const plain = JSON.parse(key.open(START, orderId, sealed).toString('utf8')) as [string, string, string];
  const [autoStartToken, qrStartToken, qrStartSecret] = plain;
  return {
    autoStartToken: new Secret(autoStartToken),
    qrStartToken: new Secret(qrStartToken),
    qrStartSecret: new Secret(qrStartSecret),
  };
}

export function sealAnswer(key: DataKey, orderId: string, received: Uint8Array): Buffer {
  return key.seal(ANSWER_KIND, orderId, compress(received));
}
