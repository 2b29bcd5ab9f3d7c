import { Inject, Injectable } from '@nestjs/common';
import { hashToken } from '../../client-auth/access-tokens.ts';
import { Database, type Tx } from '../../database/database.ts';
import { violatesUniqueIndex } from '../../database/database-errors.ts';
import { addMs, SECOND_MS, type Clock } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { Secret } from '../../kernel/secret.ts';
import { CLOCK } from '../../operations/clock.ts';
import { invalid } from '../form/form.ts';
import type { SignedBackchannelRequest } from './checks/check-signed-request.ts';
import { sealPing } from './ping/sealed-ping.ts';
import { intervalOf } from './polling/intervals.ts';
import { Purposes, type Begun } from './purposes.ts';
import type { CheckedRequest } from './request-checks.ts';
import { RequestKeys, type KeyedContent } from './request-keys.ts';
import { newBackchannelId, type BackchannelId } from './store/backchannel-id.ts';
import {
  insertBackchannelRequest,
  ONE_APP,
  ONE_JTI,
  refuseBackchannelRequest,
} from './store/backchannel-request.repository.ts';
import type { KeyedRequest } from './store/request-key.repository.ts';
import type { RequestTarget } from './store/request-target.ts';
import { sealLoginRequest } from './store/sealed-login-request.ts';
import { sealPaymentRequest } from './store/sealed-payment-request.ts';

/** OpenID CIBA Core §7.3, the public name of the request, and the consent that was created, if it is for a payment. */
export interface Acknowledgement {
  readonly auth_req_id: string;
  readonly id: BackchannelId;
  readonly expires_in: number;
  readonly interval: number;
  readonly consent_id?: ConsentId;
}

/** A request with the names that it gets. */
interface Named extends CheckedRequest {
  readonly id: BackchannelId;
  readonly authReqId: Secret;
  readonly signed: SignedBackchannelRequest;
}

/** Makes requests: what is asked for, its order and the request itself are stored together, and then BankID is asked. */
@Injectable()
export class BackchannelRequests {
  constructor(
    private readonly purposes: Purposes,
    private readonly keys: RequestKeys,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * If BankID makes no order, the client is told so and of no request, and may send the same one again.
   * @param keyed set if the client sent an Idempotency-Key
   * @throws DomainError `request.idempotency-differs`; `oauth.invalid-request` for a signed request that was sent before, and for a key
   *   that served another request; the errors of the purpose, and those of BankID
   */
  async create(
    checked: CheckedRequest,
    signed: SignedBackchannelRequest,
    keyed: KeyedContent | undefined,
  ): Promise<Acknowledgement> {
    const id = newBackchannelId();
    const named = { ...checked, id, signed, authReqId: this.keys.authReqIdOf(keyed, id) };
    const begun = await this.#store(named, keyed);
    if (!begun && keyed) return this.#answerAgain(keyed);
    if (!begun) throw new TypeError('a request without an Idempotency-Key was not stored');
    await this.#send(id, begun);
    return {
      auth_req_id: named.authReqId.reveal(),
      id,
      expires_in: secondsBetween(checked.requestedAt, begun.expiresAt),
      interval: intervalOf(wayOf(checked)),
      ...consentIdOf(begun.target),
    };
  }

  /** Undefined, and nothing is stored, if an earlier request has the Idempotency-Key. */
  async #store(named: Named, keyed: KeyedContent | undefined): Promise<Begun | undefined> {
    const { asked, start, language, lifetimeMs, requestedAt } = named;
    try {
      return await this.database.inTransaction(async (tx) => {
        if (keyed && !(await this.keys.claim(tx, keyed, named.id, requestedAt))) return undefined;
        const expiresAt = addMs(requestedAt, lifetimeMs);
        const begun = await this.purposes.begin(tx, asked, { start, language, lifetimeMs, expiresAt });
        await insertNamed(tx, named, begun);
        return begun;
      });
    } catch (error) {
      if (violatesUniqueIndex(error, ONE_JTI)) throw invalid('request', 'The jti has been used before.');
      if (violatesUniqueIndex(error, ONE_APP)) throw keyUsed();
      throw error;
    }
  }

  async #send(id: BackchannelId, begun: Begun): Promise<void> {
    try {
      await begun.send();
    } catch (error) {
      await refuseBackchannelRequest(this.database, id, this.clock.now());
      throw error;
    }
  }

  async #answerAgain(keyed: KeyedContent): Promise<Acknowledgement> {
    const { id, way, target, expiresAt, authReqId } = await this.keys.getEarlier(keyed);
    return {
      auth_req_id: authReqId.reveal(),
      id,
      expires_in: secondsBetween(this.clock.now(), expiresAt),
      interval: intervalOf(way),
      ...consentIdOf(target),
    };
  }
}

/** A positive integer (CIBA §7.3), even if less than a second is left. */
function secondsBetween(from: Date, until: Date): number {
  return Math.max(1, Math.floor((until.getTime() - from.getTime()) / SECOND_MS));
}

function consentIdOf(target: RequestTarget): Pick<Acknowledgement, 'consent_id'> {
  return target.purpose === 'payment' ? { consent_id: target.consentId } : {};
}

async function insertNamed(tx: Tx, named: Named, begun: Begun): Promise<void> {
  const { target, key, expiresAt } = begun;
  const { id, authReqId, notificationToken: token, signed } = named;
  const authReqIdHash = hashToken(authReqId.reveal());
  const isInserted = await insertBackchannelRequest(tx, {
    id,
    target,
    expiresAt,
    authReqIdHash,
    clientId: named.client.id,
    way: wayOf(named),
    binding: named.binding,
    scope: named.scope,
    nonce: named.nonce,
    requestObjectSealed: sealedRequest(begun, authReqIdHash, signed.jwt),
    requestObjectJtiHash: signed.jtiHash,
    pingSealed: token && sealPing(key, id, { authReqId, token }),
    requestedAt: named.requestedAt,
  });
  if (!isInserted) throw keyUsed();
}

function sealedRequest({ target, key }: Begun, authReqIdHash: Buffer, jwt: string): Buffer {
  return target.purpose === 'payment'
    ? sealPaymentRequest(key, { consentId: target.consentId, authReqIdHash }, jwt)
    : sealLoginRequest(key, { loginId: target.loginId, authReqIdHash }, jwt);
}

function wayOf({ start }: Pick<CheckedRequest, 'start'>): KeyedRequest['way'] {
  if (start.way === 'browser') throw new TypeError('a backchannel request has no page');
  return start.way;
}

function keyUsed(): Error {
  return invalid('dpop_jkt', 'This key has served another request: an app makes one for each.');
}
