import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { windowStart } from '../../attempts/attempt-limits.ts';
import { pauseOf, personCount } from '../../attempts/person-limits.ts';
import { lockPerson, type FilledLimits } from '../../attempts/person-limits.repository.ts';
import { checkSameWay, withNonce } from '../../attempts/backchannel-start.ts';
import { nonceHash } from '../../attempts/return-nonce.ts';
import { eventText } from '../../audit/audit-trail.ts';
import { DEFAULT_RELYING_PARTY, type OrderStart } from '../../bankid-sign/sign-order.ts';
import { SignOrders, type UnsentOrder } from '../../bankid-sign/sign-orders.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Tx } from '../../database/database.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId, ConsentId } from '../../kernel/ids.ts';
import { channelToJson } from '../../payment/channel.ts';
import { isNeverMet, readsDocuments } from '../../payment/bank-policy.ts';
import { templateOf } from '../../payment/visible-text.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import type { ConsentRequest, NewConsent } from '../consent.ts';
import { Consents } from '../consents.ts';
import { orderOf, type OrderedConsent } from '../signing/order-of.ts';
import { hasFailedRequest } from './earlier-request.repository.ts';
import { insertRequest, type RequestedConsent } from './insert-request.repository.ts';

/** A request for the same payment within this time is the next press after one that failed. */
const NEXT_REQUEST_MS = 15 * MINUTE_MS;

/** How a signature is asked for without a page of ours. */
export interface BackchannelTerms {
  /** Of the consent's way. The returnUrl of an app is its return URI as registered: the nonce is added to it here. */
  readonly start: OrderStart;
  readonly language: 'sv' | 'en';
  /** How long the request lives, if the client's consents live so long. */
  readonly lifetimeMs: number;
}

/** A consent with its order, stored and not yet sent. */
export interface BegunSigning {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
  /** Of its events and of its data key. */
  readonly subject: string;
  readonly key: DataKey;
  readonly expiresAt: Date;
  readonly unsent: UnsentOrder;
}

/** Stores what a backchannel request asks for. */
@Injectable()
export class Requests {
  constructor(
    private readonly envelope: Envelope,
    private readonly consents: Consents,
    private readonly orders: SignOrders,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * A consent with its data key, its one attempt and its order. The limits of the person are those of the browser's presses.
   * @throws DomainError `consent.too-many-orders` with the time to wait; `initiation.invalid`; of a call that a limit refuses,
   *   `bankid.already-in-progress` or `oauth.unauthorized-client`
   */
  async insert(tx: Tx, request: ConsentRequest, terms: BackchannelTerms): Promise<BegunSigning> {
    checkSameWay(request.channel, terms.start);
    checkSignable(request);
    const { consent, subject, event, dataKey } = this.consents.preparePush(request, terms.lifetimeMs);
    const { key, stored } = dataKey ?? this.envelope.newDataKey(subject);
    const attemptId = randomUUID();
    const { start, nonce } = withNonce(terms.start);
    await this.#insertConsent(tx, request, {
      consent,
      attemptId,
      returnNonceHash: nonce === undefined ? undefined : nonceHash(nonce),
      subject,
      dataKey: stored,
      pushed: event,
      requested: requestedEvent(consent, attemptId, terms),
    });
    const attempt = {
      attemptId,
      consent: orderedConsent(consent, request),
      payer: request.payer,
      policy: request.bank.policy,
    };
    const order = orderOf(attempt, {
      environment: this.config.environment,
      orderedAt: consent.createdAt,
      language: terms.language,
      start,
      asksForDocument: !(await this.#mayLackDocument(tx, request, consent)),
      relyingParty: relyingPartyOf(request),
      phoneLimits: request.client.phoneLimits,
    });
    const unsent = await this.orders.insertOrder(tx, key, order);
    const { consentId, bank, expiresAt } = consent;
    if (!unsent) throw new TypeError(`consent ${consentId} is new and has an open order`);
    return { consentId, bank, subject, key, expiresAt, unsent };
  }

  /** As on our page, where the next press after a failed one need not read a document. */
  async #mayLackDocument(tx: Tx, request: ConsentRequest, { initiationJson }: NewConsent): Promise<boolean> {
    const { bank, client, pushedAt } = request;
    if (bank.policy === undefined || !readsDocuments(bank.policy)) return false;
    return hasFailedRequest(tx, client.id, initiationJson, windowStart(pushedAt, NEXT_REQUEST_MS));
  }

  async #insertConsent(
    tx: Tx,
    { payer, client, pushedAt }: ConsentRequest,
    parts: Omit<RequestedConsent, keyof ReturnType<typeof personCount>>,
  ): Promise<void> {
    // Other consents name the same person: their orders wait here for each other.
    if (parts.consent.boundPayerHash) await lockPerson(tx, parts.consent.boundPayerHash);
    const count = personCount(this.envelope, payer, client.id, pushedAt);
    const { isInserted, filled } = await insertRequest(tx, { ...parts, ...count });
    if (!isInserted) throw tooManyOrders(filled, pushedAt);
  }
}

/** No payer is called for a signature that the bank's rules refuse whatever is signed. */
function checkSignable({ bank, channel, initiation }: ConsentRequest): void {
  const payment = { amount: initiation.instructedAmount, way: channel.way };
  if (!bank.policy || !isNeverMet(bank.policy, payment)) return;
  const detail = 'The bank does not accept this payment by this way.';
  throw new DomainError('initiation.invalid', { pointer: '/authorization_details/0', detail });
}

/** In a call, the BankID app names the client itself; otherwise it names the operator of the service. */
function relyingPartyOf({ channel, client }: ConsentRequest): string {
  if (channel.way !== 'phone') return DEFAULT_RELYING_PARTY;
  if (client.bankidCertificate === undefined) throw new DomainError('oauth.unauthorized-client');
  return client.bankidCertificate;
}

function requestedEvent(
  { channel, clientId, createdAt }: NewConsent,
  attemptId: string,
  { language }: BackchannelTerms,
): string {
  const detail = { attemptId, ...channelToJson(channel), template: templateOf(language) };
  return eventText({ type: 'order.requested', at: createdAt, actor: clientId, detail });
}

function orderedConsent(
  consent: NewConsent,
  { initiation, creditorNameVerification, payer }: ConsentRequest,
): OrderedConsent {
  const { consentId, clientId, bank, bankName, channel, tppName, authorisationNumber } = consent;
  const tpp = { name: tppName, authorisationNumber };
  const bound = payer === undefined ? 'unbound' : 'bound';
  return { consentId, clientId, tpp, bank, bankName, channel, payer: bound, initiation, creditorNameVerification };
}

function tooManyOrders(filled: FilledLimits, now: Date): DomainError {
  const until = pauseOf(filled);
  if (!until) throw new TypeError('a request was refused, and no limit is reached');
  return new DomainError('consent.too-many-orders', {
    retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / SECOND_MS)),
  });
}
