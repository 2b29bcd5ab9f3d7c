import { Inject, Injectable } from '@nestjs/common';
import type { ConsentRequest } from '../../consent/consent.ts';
import { Consents } from '../../consent/consents.ts';
import { RequestObjects } from '../../evidence/request-objects.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { CLOCK } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database.ts';
import { RepeatedPush, type FormerAnswer, type NamedPush } from '../idempotency/repeated-push.ts';
import { insertRequest, type AuthorizationRequest } from './authorization-request.repository.ts';
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
  readonly #requestObjects: RequestObjects;
  readonly #clock: Clock;

  constructor(consents: Consents, repeated: RepeatedPush, requestObjects: RequestObjects, @Inject(CLOCK) clock: Clock) {
    this.#consents = consents;
    this.#repeated = repeated;
    this.#requestObjects = requestObjects;
    this.#clock = clock;
  }

  /** @throws DomainError `request.idempotency-differs` */
  async create(tx: Tx, push: CheckedPush, name: NamedPush | undefined): Promise<PushedResponse> {
    const former = name && (await this.#repeated.claim(tx, name));
    return former ? this.#answerAgain(former) : this.#createNew(tx, push, name);
  }

  async #createNew(
    tx: Tx,
    { consent, oauth, requestObject }: CheckedPush,
    name: NamedPush | undefined,
  ): Promise<PushedResponse> {
    const { consentId, interactionId, createdAt } = await this.#consents.pushConsent(tx, consent);
    const requestUri = name ? await this.#repeated.nameConsent(tx, name, consentId) : newRequestUri();
    await insertRequest(tx, {
      ...oauth,
      requestObjectSealed:
        requestObject === undefined
          ? undefined
          : await this.#requestObjects.seal(tx, consent.bank.id, consentId, requestObject),
      interactionId,
      consentId,
      clientId: consent.client.id,
      requestUriHash: hashRequestUri(requestUri),
      pushedAt: createdAt,
      expiresAt: addMs(createdAt, REQUEST_URI_SECONDS * SECOND_MS),
    });
    return { request_uri: requestUri, expires_in: REQUEST_URI_SECONDS, consent_id: consentId };
  }

  /** RFC 9126 §2.2: expires_in is a positive integer, also when hardly anything, or nothing, is left of it. */
  #answerAgain({ consentId, requestUri, expiresAt }: FormerAnswer): PushedResponse {
    const left = Math.floor((expiresAt.getTime() - this.#clock.now().getTime()) / SECOND_MS);
    return { request_uri: requestUri, expires_in: Math.max(1, left), consent_id: consentId };
  }
}
