import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addMs, DAY_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Envelope } from '../../vault/envelope.ts';
import { KeyRings } from '../../vault/key-rings.ts';
import { hashRequestUri, requestUriOf } from './request-uri.ts';
import { findStoredPush, findLookupKeys, type StoredPush, type KeyClaim } from './idempotent-push.repository.ts';

export const KEY_LIFETIME_MS = DAY_MS;
const REQUEST = 'pushed-request';
const REQUEST_URI = 'request-uri';

/** A push with an Idempotency-Key. */
export interface IdempotentPush {
  readonly clientId: ClientId;
  readonly key: string;
  /** The pushed parameters without credentials and proofs, which differ each time. */
  readonly content: string;
}

/** The answer to the push that claimed the key. */
export interface EarlierResponse {
  readonly consentId: ConsentId;
  readonly requestUri: string;
  readonly expiresAt: Date;
}

/**
 * Pushes with an Idempotency-Key: a repeated push gets the same consent and the same request_uri. The request_uri is
 * not stored but derived from the Idempotency-Key, which the client sends, and a look-up key, which the database does not hold.
 */
@Injectable()
export class IdempotentPushes {
  constructor(
    private readonly envelope: Envelope,
    private readonly database: Database,
    @Inject(CLOCK) clock: Clock,
    keyRings: KeyRings,
  ) {
    keyRings.watch('look-up', () => findLookupKeys(database, clock.now()));
  }

  /** The row that the push inserts with the consent. */
  claimOf(push: IdempotentPush, now: Date): KeyClaim {
    return {
      keyHash: keyHash(push),
      requestHash: this.envelope.lookupHash(REQUEST, push.content),
      expiresAt: addMs(now, KEY_LIFETIME_MS),
    };
  }

  /**
   * The answer to the push that claimed the key.
   * @throws DomainError `request.idempotency-differs` if something else was pushed with this key; `service.key-missing`;
   *   `service.unavailable` if the key has expired in the meantime
   */
  async getEarlierResponse(push: IdempotentPush): Promise<EarlierResponse> {
    const stored = await findStoredPush(this.database, keyHash(push));
    if (!stored) throw new DomainError('service.unavailable', { log: 'an Idempotency-Key expired during its push' });
    return this.#answerAgain(push, stored);
  }

  /** The request_uri of the consent that is pushed with the key. */
  requestUriOf(push: IdempotentPush, consentId: ConsentId): string {
    return requestUriOf(this.envelope.lookupHash(REQUEST_URI, uriText(push, consentId)));
  }

  #answerAgain(push: IdempotentPush, stored: StoredPush): EarlierResponse {
    if (!this.envelope.isLookupHash(stored.requestHash, REQUEST, push.content))
      throw new DomainError('request.idempotency-differs');
    const candidates = this.envelope.lookupHashes(REQUEST_URI, uriText(push, stored.consentId)).map(requestUriOf);
    const requestUri = candidates.find((uri) => hashRequestUri(uri).equals(stored.requestUriHash));
    if (requestUri === undefined) throw new TypeError('the request_uri of a push was made under the key of its hash');
    return { consentId: stored.consentId, requestUri, expiresAt: stored.requestUriExpiresAt };
  }
}

function keyHash({ clientId, key }: IdempotentPush): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([clientId, key]), 'utf8')
    .digest();
}

function uriText({ clientId, key }: IdempotentPush, consentId: ConsentId): string {
  return JSON.stringify([clientId, key, consentId]);
}
