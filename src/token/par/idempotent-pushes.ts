import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addMs, MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Envelope } from '../../vault/envelope.ts';
import { KeyRings } from '../../vault/key-rings.ts';
import { hashRequestUri, requestUriOf } from './request-uri.ts';
import { findFormerPush, findLookupKeys, type FormerPush, type KeyClaim } from './idempotent-push.repository.ts';

const REMEMBERED_MS = 24 * 60 * MINUTE_MS;
const REQUEST = 'pushed-request';
const REQUEST_URI = 'request-uri';

/** One push under a name that its client may use again. */
export interface NamedPush {
  readonly clientId: ClientId;
  readonly key: string;
  /** What was pushed, without what differs each time: credentials and proofs. */
  readonly content: string;
}

export interface FormerAnswer {
  readonly consentId: ConsentId;
  readonly requestUri: string;
  readonly expiresAt: Date;
}

/**
 * Pushes under an Idempotency-Key: the same again is given the same consent and the same request_uri. The request_uri is not
 * stored: it is made anew from the key, which the client sends, and a lookup key, which the database does not hold.
 */
@Injectable()
export class RepeatedPush {
  constructor(
    private readonly envelope: Envelope,
    private readonly database: Database,
    @Inject(CLOCK) clock: Clock,
    keyRings: KeyRings,
  ) {
    keyRings.watch('look-up', () => findLookupKeys(database, clock.now()));
  }

  /** What the push itself claims. */
  claimOf(push: NamedPush, now: Date): KeyClaim {
    return {
      keyHash: keyHash(push),
      requestHash: this.envelope.lookupHash(REQUEST, push.content),
      expiresAt: addMs(now, REMEMBERED_MS),
    };
  }

  /**
   * What was answered to the push that claimed the key before.
   * @throws DomainError `request.idempotency-differs` when something else was pushed under this key; `service.key-missing`;
   *   `service.unavailable` where the key has expired in the meantime
   */
  async getFormer(push: NamedPush): Promise<FormerAnswer> {
    const former = await findFormerPush(this.database, keyHash(push));
    if (!former) throw new DomainError('service.unavailable', { log: 'an Idempotency-Key expired during its push' });
    return this.#answerAgain(push, former);
  }

  /** The request_uri for the consent that is pushed under the key. */
  requestUriOf(push: NamedPush, consentId: ConsentId): string {
    return requestUriOf(this.envelope.lookupHash(REQUEST_URI, uriText(push, consentId)));
  }

  #answerAgain(push: NamedPush, former: FormerPush): FormerAnswer {
    if (!this.envelope.isLookupHash(former.requestHash, REQUEST, push.content))
      throw new DomainError('request.idempotency-differs');
    const candidates = this.envelope.lookupHashes(REQUEST_URI, uriText(push, former.consentId)).map(requestUriOf);
    const requestUri = candidates.find((uri) => hashRequestUri(uri).equals(former.requestUriHash));
    if (requestUri === undefined) throw new TypeError('the request_uri of a push was made under the key of its hash');
    return { consentId: former.consentId, requestUri, expiresAt: former.requestUriExpiresAt };
  }
}

function keyHash({ clientId, key }: NamedPush): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([clientId, key]), 'utf8')
    .digest();
}

function uriText({ clientId, key }: NamedPush, consentId: ConsentId): string {
  return JSON.stringify([clientId, key, consentId]);
}
