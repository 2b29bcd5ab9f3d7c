import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashToken, newOpaqueToken } from '../../client-auth/access-tokens.ts';
import { Database, type Tx } from '../../database/database.ts';
import { addMs, MINUTE_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { Secret } from '../../kernel/secret.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { BackchannelId } from './store/backchannel-id.ts';
import { claimRequestKey, findKeyedRequest, type KeyedRequest } from './store/request-key.repository.ts';

/** Long enough for an answer that was lost; after that, the person has been asked and has answered, or has not. */
const KEY_LIFETIME_MS = MINUTE_MS;
const CONTENT = 'backchannel-request';
const AUTH_REQ_ID = 'auth-req-id';

/** A request with an Idempotency-Key. */
export interface KeyedContent {
  readonly clientId: ClientId;
  readonly key: string;
  /** What it says, without what differs each time. */
  readonly content: string;
}

/** The request that has the key. */
export interface EarlierRequest extends KeyedRequest {
  readonly authReqId: Secret;
}

/**
 * Requests with an Idempotency-Key: a repeated one gets the same answer. The auth_req_id is not stored but derived from the key, which
 * the client sends, and a look-up key, which the database does not hold.
 */
@Injectable()
export class RequestKeys {
  constructor(
    private readonly envelope: Envelope,
    private readonly database: Database,
  ) {}

  /** A secret of 256 bits. */
  authReqIdOf(keyed: KeyedContent | undefined, id: BackchannelId): Secret {
    return keyed ? secretOf(this.envelope.lookupHash(AUTH_REQ_ID, textOf(keyed, id))) : new Secret(newOpaqueToken());
  }

  /** False if an earlier request has the key; one that is just being stored is waited for. */
  claim(tx: Tx, keyed: KeyedContent, id: BackchannelId, now: Date): Promise<boolean> {
    return claimRequestKey(tx, {
      keyHash: keyHash(keyed),
      contentHash: this.envelope.lookupHash(CONTENT, keyed.content),
      requestId: id,
      now,
      expiresAt: addMs(now, KEY_LIFETIME_MS),
    });
  }

  /**
   * The request that has the key.
   * @throws DomainError `request.idempotency-differs` if it said something else; `service.key-missing`; `service.unavailable` if BankID
   *   has refused it in the meantime
   */
  async getEarlier(keyed: KeyedContent): Promise<EarlierRequest> {
    const earlier = await findKeyedRequest(this.database, keyHash(keyed));
    if (!earlier) throw new DomainError('service.unavailable', { log: 'an Idempotency-Key was given back meanwhile' });
    if (!this.envelope.isLookupHash(earlier.contentHash, CONTENT, keyed.content))
      throw new DomainError('request.idempotency-differs');
    const candidates = this.envelope.lookupHashes(AUTH_REQ_ID, textOf(keyed, earlier.id)).map(secretOf);
    const authReqId = candidates.find((secret) => hashToken(secret.reveal()).equals(earlier.authReqIdHash));
    if (!authReqId) throw new TypeError('the auth_req_id of a request was made under the key of its hash');
    return { ...earlier, authReqId };
  }
}

/** Another one than that of a push with the same key. */
function keyHash({ clientId, key }: KeyedContent): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(['backchannel', clientId, key]), 'utf8')
    .digest();
}

function textOf({ clientId, key }: KeyedContent, id: BackchannelId): string {
  return JSON.stringify([clientId, key, id]);
}

/** A keyed hash ends with its 32 bytes. */
function secretOf(hash: Buffer): Secret {
  return new Secret(hash.subarray(-32).toString('base64url'));
}
