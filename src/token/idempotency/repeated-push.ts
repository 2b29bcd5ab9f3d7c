import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addMs, MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database, type Tx } from '../../platform/database.ts';
import { Envelope } from '../../platform/envelope.ts';
import { KeyRings } from '../../platform/key-rings.ts';
import { hashRequestUri, requestUriOf } from '../par/request-uri.ts';
import {
  claimKey,
  findFormerPush,
  findLookupKeys,
  nameConsent,
  type FormerPush,
} from './idempotent-push.repository.ts';

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
  readonly #envelope: Envelope;
  readonly #clock: Clock;

  constructor(envelope: Envelope, @Inject(CLOCK) clock: Clock, database: Database, keyRings: KeyRings) {
    this.#envelope = envelope;
    this.#clock = clock;
    keyRings.watch('look-up', () => findLookupKeys(database, this.#clock.now()));
  }

  /**
   * Claims the key for the transaction, or finds what was created under it before.
   * @throws DomainError `request.idempotency-differs` when something else was pushed under this key; `service.key-missing`
   */
  async claim(tx: Tx, push: NamedPush): Promise<FormerAnswer | undefined> {
    const now = this.#clock.now();
    const requestHash = this.#envelope.lookupHash(REQUEST, push.content);
    const claim = { keyHash: keyHash(push), requestHash, now, expiresAt: addMs(now, REMEMBERED_MS) };
    if (await claimKey(tx, claim)) return undefined;
    const former = await findFormerPush(tx, claim.keyHash);
    if (!former) throw new TypeError('a key that was claimed before stands for a consent');
    return this.#answerAgain(push, former);
  }

  /** What the claimed key stands for from now on. */
  async nameConsent(tx: Tx, push: NamedPush, consentId: ConsentId): Promise<void> {
    await nameConsent(tx, keyHash(push), consentId);
  }

  /** The request_uri for the consent that is created under the claimed key. */
  requestUriOf(push: NamedPush, consentId: ConsentId): string {
    return requestUriOf(this.#envelope.lookupHash(REQUEST_URI, uriText(push, consentId)));
  }

  #answerAgain(push: NamedPush, former: FormerPush): FormerAnswer {
    if (!this.#envelope.isLookupHash(former.requestHash, REQUEST, push.content))
      throw new DomainError('request.idempotency-differs');
    const candidates = this.#envelope.lookupHashes(REQUEST_URI, uriText(push, former.consentId)).map(requestUriOf);
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
