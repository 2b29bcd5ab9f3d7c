import { Inject, Injectable } from '@nestjs/common';
import type { ConsentRequest, PushedConsent } from '../../consent/consent.ts';
import { Consents, type PreparedPush } from '../../consent/consents.ts';
import { sealRequestObject } from '../../evidence/request-objects.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../platform/clock.ts';
import type { Scope, Tx } from '../../platform/database.ts';
import { Envelope } from '../../platform/envelope.ts';
import { burnParams, type BurnParams } from '../../tpp/replay.ts';
import { RepeatedPush, type FormerAnswer, type NamedPush } from '../idempotency/repeated-push.ts';
import type { ProofsOfRequest } from '../proof/one-time-proofs.ts';
import type { AuthorizationRequest } from './authorization-request.repository.ts';
import { insertPush } from './push.repository.ts';
import { hashRequestUri, newRequestUri } from './request-uri.ts';

/** FAPI 2.0 §5.3.2.2: less than 600 s. */
const REQUEST_URI_SECONDS = 300;

/** RFC 9126 §2.2, and the consent that was created. */
export interface PushedResponse {
  readonly request_uri: string;
  readonly expires_in: number;
  readonly consent_id: ConsentId;
}

/** What the checks make of a form. */
export interface CheckedPush {
  readonly consent: ConsentRequest;
  readonly oauth: Pick<AuthorizationRequest, 'redirectUri' | 'state' | 'codeChallenge' | 'dpopJkt' | 'scope' | 'nonce'>;
  readonly requestObject: string | undefined;
}

/** The consent and the authorization request that a push creates. */
@Injectable()
export class PushedRequests {
  readonly #consents: Consents;
  readonly #repeated: RepeatedPush;
  readonly #envelope: Envelope;
  readonly #clock: Clock;

  constructor(consents: Consents, repeated: RepeatedPush, envelope: Envelope, @Inject(CLOCK) clock: Clock) {
    this.#consents = consents;
    this.#repeated = repeated;
    this.#envelope = envelope;
    this.#clock = clock;
  }

  /** One statement. @throws DomainError `client.assertion-replayed`, `dpop.replayed` */
  async create(proofs: ProofsOfRequest, push: CheckedPush): Promise<PushedResponse> {
    const prepared = this.#consents.preparePush(push.consent);
    const requestUri = newRequestUri();
    await proofs.spendIn(async (burn, scope) => ({
      fresh: await this.#store(scope, push, prepared, requestUri, burn),
    }));
    return answer(prepared.pushed, requestUri);
  }

  /** Within the transaction that claims the Idempotency-Key. @throws DomainError `request.idempotency-differs` */
  async createOnce(tx: Tx, push: CheckedPush, name: NamedPush): Promise<PushedResponse> {
    const former = await this.#repeated.claim(tx, name);
    if (former) return this.#answerAgain(former);
    const prepared = this.#consents.preparePush(push.consent);
    const requestUri = this.#repeated.requestUriOf(name, prepared.pushed.consentId);
    await this.#store(tx, push, prepared, requestUri, burnParams([]));
    await this.#repeated.nameConsent(tx, name, prepared.pushed.consentId);
    return answer(prepared.pushed, requestUri);
  }

  async #store(
    scope: Scope,
    { consent, oauth, requestObject }: CheckedPush,
    { pushed, subject, dataKey, params }: PreparedPush,
    requestUri: string,
    burn: BurnParams,
  ): Promise<readonly Buffer[] | undefined> {
    const { consentId, interactionId, createdAt } = pushed;
    const key = dataKey ?? (requestObject === undefined ? undefined : this.#envelope.newDataKey(subject));
    const request = {
      ...oauth,
      requestObjectSealed:
        key && requestObject !== undefined ? sealRequestObject(key.key, consentId, requestObject) : undefined,
      interactionId,
      consentId,
      clientId: consent.client.id,
      requestUriHash: hashRequestUri(requestUri),
      pushedAt: createdAt,
      expiresAt: addMs(createdAt, REQUEST_URI_SECONDS * SECOND_MS),
    };
    return insertPush(scope, request, params, { burn, key: key?.params });
  }

  /** RFC 9126 §2.2: expires_in is a positive integer, also when hardly anything, or nothing, is left of it. */
  #answerAgain({ consentId, requestUri, expiresAt }: FormerAnswer): PushedResponse {
    const left = Math.floor((expiresAt.getTime() - this.#clock.now().getTime()) / SECOND_MS);
    return { request_uri: requestUri, expires_in: Math.max(1, left), consent_id: consentId };
  }
}

function answer({ consentId }: PushedConsent, requestUri: string): PushedResponse {
  return { request_uri: requestUri, expires_in: REQUEST_URI_SECONDS, consent_id: consentId };
}
