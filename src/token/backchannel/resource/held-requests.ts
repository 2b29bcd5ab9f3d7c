import { Injectable } from '@nestjs/common';
import type { Holder } from '../../../client-auth/access.ts';
import { Database } from '../../../database/database.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { drawQrCode } from '../../../kernel/web/qr-picture.ts';
import { Purposes } from '../purposes.ts';
import { parseBackchannelId } from '../store/backchannel-id.ts';
import { findHeldRequest, type HeldRequest } from '../store/backchannel-request.repository.ts';
import type { QrForm } from './qr-form.ts';
import { requestStateOf, type RequestState } from './request-state.ts';

/** Requests in the hands of those who hold them. Another's request is not found, like one that there is not. */
@Injectable()
export class HeldRequests {
  constructor(
    private readonly database: Database,
    private readonly purposes: Purposes,
  ) {}

  /** @throws DomainError `backchannel.not-found`, `consent.altered`, `service.key-missing` */
  async getState(id: string, holder: Holder): Promise<RequestState> {
    const held = await this.#get(id, holder);
    const progressed = await this.purposes.findProgress(held);
    if (!progressed) throw new TypeError('a backchannel request has neither consent nor login');
    return requestStateOf(held.way, progressed);
  }

  /**
   * This second's QR code. What it is made from is not disclosed.
   * @throws DomainError `backchannel.not-found`; `backchannel.nothing-to-start` for another way, and before and after there is one
   */
  async getQrCode(id: string, holder: Holder, form: QrForm): Promise<string> {
    const held = await this.#get(id, holder);
    const frame = held.way === 'qr' ? await this.purposes.findQrFrame(held) : undefined;
    if (frame === undefined) throw new DomainError('backchannel.nothing-to-start');
    if (form === 'text/plain') return frame;
    return drawQrCode(frame);
  }

  /**
   * The link that opens the BankID app now: one that was given out before dies when its order is renewed.
   * @throws DomainError `backchannel.not-found`, `backchannel.nothing-to-start`
   */
  async getLaunchLink(id: string, holder: Holder, userAgent: string): Promise<string> {
    const held = await this.#get(id, holder);
    const url = held.way === 'app' ? await this.purposes.findLaunchLink(held, userAgent) : undefined;
    if (url === undefined) throw new DomainError('backchannel.nothing-to-start');
    return url;
  }

  /**
   * The BankID app has returned to the app that holds the key of the request. Once; the same nonce again changes nothing.
   * @throws DomainError `backchannel.not-found`, `backchannel.return-differs`
   */
  async recordReturn(id: string, holder: Holder, nonce: string): Promise<void> {
    const held = await this.#get(id, holder);
    const isRecorded = held.way === 'app' && (await this.purposes.recordReturn(held, nonce));
    if (!isRecorded) throw new DomainError('backchannel.return-differs');
  }

  /** @throws DomainError `backchannel.not-found`; `consent.not-awaiting-authorisation` if it has ended already */
  async cancel(id: string, holder: Holder): Promise<void> {
    const held = await this.#get(id, holder);
    if (!(await this.purposes.cancel(held))) throw new DomainError('consent.not-awaiting-authorisation');
  }

  async #get(id: string, holder: Holder): Promise<HeldRequest> {
    const held = await findHeldRequest(this.database, parseBackchannelId(id), holder);
    if (!held) throw new DomainError('backchannel.not-found');
    return held;
  }
}
