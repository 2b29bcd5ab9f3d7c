import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { AgingLink } from '../dispatch/aging-link.ts';
import { Database } from '../../database/database.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { Progress, SealedStart } from '../sign-order.ts';
import { launchLink, linkKindOf } from '../order/launch-link.ts';
import { qrFrame } from './qr-frame.ts';
import { rfaOfFailure, rfaOfPending } from '../order/rfa-code.ts';
import { openStart } from '../order/sealed-order.ts';
import type { StartSecrets } from '../rp-api/parse-answer.ts';
import { findLatestOrder, findScannable, type OrderFacts } from '../order/sign-order.repository.ts';

/** A renewal takes as long as a call to BankID; what waits longer is answered without a code, and the page asks again. */
const RENEWAL_LOOKS = 10;
const RENEWAL_PAUSE_MS = 100;

/** The state of an order for the payer's page. */
@Injectable()
export class OrderWatch {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly aging: AgingLink,
  ) {}

  async findProgress(group: string): Promise<Progress | undefined> {
    const order = await findLatestOrder(this.database, group);
    return order && progressOf(order);
  }

  /** A renewal that is under way is awaited for up to a second, so that the code goes on without a gap. */
  async findQrFrame(group: string, now: Date): Promise<string | undefined> {
    const order = await this.#findScannable(group);
    if (!order) return undefined;
    const { qrStartToken, qrStartSecret } = this.#open(order);
    return qrFrame(qrStartToken.reveal(), qrStartSecret.reveal(), order.startedAt, now);
  }

  launchLink({ start, way, platform }: Progress, userAgent: string): string | undefined {
    if (!start) return undefined;
    const { autoStartToken } = this.#open(start);
    // The caller of an app's link may be the TPP's server: what the order says of a phone comes first.
    const isKnownPhone = way === 'app' && platform !== undefined && platform !== 'desktop';
    const kind = isKnownPhone ? 'universal' : linkKindOf(userAgent);
    return launchLink(autoStartToken.reveal(), kind, this.config.bankid.appUrl);
  }

  /** The link of an app's order, which is renewed first where it would soon be dead; undefined for any other way. */
  async currentLaunchLink(group: string, userAgent: string): Promise<string | undefined> {
    await this.aging.renew(group);
    const progress = await this.findProgress(group);
    return progress?.way === 'app' ? this.launchLink(progress, userAgent) : undefined;
  }

  async #findScannable(group: string): Promise<SealedStart | undefined> {
    for (let looks = 0; looks < RENEWAL_LOOKS; looks += 1) {
      const order = await findScannable(this.database, group);
      if (order !== 'being-renewed') return order;
      await delay(RENEWAL_PAUSE_MS);
    }
    return undefined;
  }

  #open({ orderId, subject, startSealed, key }: SealedStart): StartSecrets {
    return openStart(this.envelope.unwrapFound(subject, key), orderId, startSealed);
  }
}

function progressOf(order: OrderFacts & Pick<Progress, 'start'>): Progress {
  const state = stateOf(order);
  const { kind, way, device, platform, hintCode } = order;
  return {
    orderId: order.orderId,
    state,
    kind,
    way,
    device,
    platform,
    hintCode,
    messageCode: messageCodeOf(order, state),
    qr: state === 'pending' && device === 'other' && isUnscanned(hintCode),
    renewals: order.renewal,
    start: order.start,
    failure: state === 'failed' ? (order.failure ?? 'unknown') : undefined,
  };

  function messageCodeOf({ failure }: OrderFacts, reached: Progress['state']): Progress['messageCode'] {
    if (reached === 'failed') return rfaOfFailure(failure, device);
    return reached === 'complete' ? 'RFA21' : rfaOfPending(hintCode, { device, platform });
  }
}

function stateOf({ state, answerStatus, failure, isStale }: OrderFacts): Progress['state'] {
  if (state === 'requested') return isStale ? 'failed' : 'starting';
  // Complete according to BankID, but its answer cannot be read or settled.
  if (answerStatus === 'complete' && failure !== undefined) return 'failed';
  if (answerStatus !== undefined) return answerStatus;
  return state === 'pending' || state === 'answer-unknown' ? 'pending' : 'failed';
}

function isUnscanned(hintCode: string | undefined): boolean {
  return hintCode === undefined || hintCode === 'outstandingTransaction' || hintCode === 'noClient';
}
