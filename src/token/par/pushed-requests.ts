import { Inject, Injectable } from '@nestjs/common';
import type { ConsentRequest } from '../../consent/consent.ts';
import { Consents, type PreparedPush } from '../../consent/consents.ts';
import { sealRequestObject } from '../../evidence/request-objects.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { violatesUniqueIndex } from '../../database/database-errors.ts';
import { Envelope } from '../../vault/envelope.ts';
import { IdempotentPushes, type EarlierResponse, type IdempotentPush } from './idempotent-pushes.ts';
import type { AuthorizationRequest } from './authorization-request.repository.ts';
import type { SignedRequest } from './checks/check-request-object.ts';
import { insertPush, ONE_JTI, type Push } from './push.repository.ts';
import { hashRequestUri, newRequestUri } from './request-uri.ts';

/** FAPI 2.0 §5.3.2.2: less than 600 s. */
export const REQUEST_URI_SECONDS = 300;

/** RFC 9126 §2.2, and the consent that was created; a login has no name that its client knows before it ends. */
export interface PushedResponse {
  readonly request_uri: string;
  readonly expires_in: number;
  readonly consent_id?: ConsentId;
}

/** A checked form. */
export interface CheckedPush {
  readonly consent: ConsentRequest;
  readonly oauth: Pick<AuthorizationRequest, 'redirectUri' | 'state' | 'codeChallenge' | 'dpopJkt' | 'scope' | 'nonce'>;
  readonly requestObject: SignedRequest | undefined;
}

/** The consent and the authorization request that a push creates. */
@Injectable()
export class PushedRequests {
  constructor(
    private readonly consents: Consents,
    private readonly idempotent: IdempotentPushes,
    private readonly envelope: Envelope,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * One statement; if the Idempotency-Key was claimed before, a second one reads the earlier answer.
   * @param idempotentPush set if the client sent an Idempotency-Key
   * @throws DomainError `request.idempotency-differs`; `oauth.invalid-request-object` for a signed request that was pushed before,
   *   unless the Idempotency-Key is that of the same push
   */
  async create(push: CheckedPush, idempotentPush: IdempotentPush | undefined): Promise<PushedResponse> {
    const prepared = this.consents.preparePush(push.consent);
    const { consentId } = prepared.consent;
    const requestUri = idempotentPush ? this.idempotent.requestUriOf(idempotentPush, consentId) : newRequestUri();
    const isNew = await this.#insert({
      ...this.#seal(push, prepared, requestUri),
      event: prepared.event,
      idempotencyKey: idempotentPush && this.idempotent.claimOf(idempotentPush, prepared.consent.createdAt),
    });
    if (isNew) return { request_uri: requestUri, expires_in: REQUEST_URI_SECONDS, consent_id: consentId };
    if (!idempotentPush) throw new TypeError('a push without an Idempotency-Key was not stored');
    return this.#answerAgain(await this.idempotent.getEarlierResponse(idempotentPush));
  }

  async #insert(push: Push): Promise<boolean> {
    try {
      return await insertPush(this.database, push);
    } catch (error) {
      if (!violatesUniqueIndex(error, ONE_JTI)) throw error;
      const detail = 'jti has been used before';
      throw new DomainError('oauth.invalid-request-object', { pointer: '/request', detail });
    }
  }

  #seal(
    { oauth, requestObject }: CheckedPush,
    { consent, subject, dataKey }: PreparedPush,
    requestUri: string,
  ): Pick<Push, 'consent' | 'request' | 'dataKey'> {
    const { consentId, interactionId, clientId, createdAt } = consent;
    const key = dataKey ?? (requestObject && this.envelope.newDataKey(subject));
    const request = {
      ...oauth,
      requestObjectSealed: key && requestObject ? sealRequestObject(key.key, consentId, requestObject.jwt) : undefined,
      requestObjectJtiHash: requestObject?.jtiHash,
      interactionId,
      consentId,
      clientId,
      requestUriHash: hashRequestUri(requestUri),
      pushedAt: createdAt,
      expiresAt: addMs(createdAt, REQUEST_URI_SECONDS * SECOND_MS),
    };
    return { consent, request, dataKey: key?.stored };
  }

  /** `expires_in` is a positive integer (RFC 9126 §2.2), even if less than a second is left. */
  #answerAgain({ consentId, requestUri, expiresAt }: EarlierResponse): PushedResponse {
    const left = Math.floor((expiresAt.getTime() - this.clock.now().getTime()) / SECOND_MS);
    return { request_uri: requestUri, expires_in: Math.max(1, left), consent_id: consentId };
  }
}
