import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { AgingLink } from '../dispatch/aging-link.ts';
import { Database } from '../../database/database.ts';
import { addMs, SECOND_MS } from '../../kernel/clock.ts';
import { currentRequest } from '../../operations/current-request.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { Progress, Scannable, SealedStart } from '../sign-order.ts';
import { launchLink, linkKindOf } from '../order/launch-link.ts';
import { OrderSignals } from '../order/order-signals.ts';
import { qrFrame } from './qr-frame.ts';
import { openStart } from '../order/sealed-order.ts';
import type { StartSecrets } from '../rp-api/parse-answer.ts';
import { findLatestOrder } from '../order/latest-order.repository.ts';
import { findScannable } from '../order/sign-order.repository.ts';
import { isUnstarted, progressOf } from './progress.ts';

/** A renewal takes as long as a call to BankID; what waits longer is answered without a code, and the page asks again. */
const RENEWAL_LOOKS = 10;
const RENEWAL_PAUSE_MS = 100;
/** A person whose app is given a link may still have to switch apps: it is good for 15 s of its 30. */
const AGING_IN_APP_MS = 15 * SECOND_MS;
/** On our page the person has the link before their eyes: as many renewals as a press has last longer, and 10 s are left to press it. */
const AGING_ON_PAGE_MS = 18 * SECOND_MS;

/** The state of an order for the payer's page. */
@Injectable()
export class OrderWatch {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly aging: AgingLink,
    private readonly signals: OrderSignals,
  ) {}

  async findProgress(group: string): Promise<Progress | undefined> {
    const order = await findLatestOrder(this.database, group);
    return order && progressOf(order);
  }

  /**
   * A renewal that is under way is awaited for up to a second, so that the code goes on without a gap.
   * @param scan of the group's progress, where that has just been read
   * @throws DomainError `service.unavailable` when the request that waited finds no place any more
   */
  async findQrFrame(group: string, now: Date, scan?: Scannable): Promise<string | undefined> {
    const order = await this.#untilMade(group, scan ?? (await findScannable(this.database, group)));
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
    await this.aging.renew(group, AGING_IN_APP_MS);
    const progress = await this.findProgress(group);
    return progress?.way === 'app' ? this.launchLink(progress, userAgent) : undefined;
  }

  async #untilMade(group: string, found: Scannable | undefined): Promise<SealedStart | undefined> {
    const place = currentRequest()?.place;
    let order = found;
    for (let looks = 0; order === 'being-renewed' && looks < RENEWAL_LOOKS; looks += 1) {
      // It waits for BankID: others may have its place.
      place?.leave();
      await delay(RENEWAL_PAUSE_MS);
      place?.takeAgain();
      order = await findScannable(this.database, group);
    }
    return order === 'being-renewed' ? undefined : order;
  }

  /** Renews the order whose link a page shows, before the link dies; other tabs are told. False where the progress is what it was. */
  async keepLaunchable(group: string, { way, start, hintCode }: Progress, now: Date): Promise<boolean> {
    const isAging = way === 'browser' && start !== undefined && start.startedAt <= addMs(now, -AGING_ON_PAGE_MS);
    if (!isAging || !isUnstarted(hintCode)) return false;
    // Where there is nothing to renew any more, another tab was faster: the progress is another, too.
    if (await this.aging.renew(group, AGING_ON_PAGE_MS)) this.signals.announceProgress(group);
    return true;
  }

  #open({ orderId, subject, startSealed, key }: SealedStart): StartSecrets {
    return openStart(this.envelope.unwrapFound(subject, key), orderId, startSealed);
  }
}
