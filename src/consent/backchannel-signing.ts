import { Injectable } from '@nestjs/common';
import { SignOrders } from '../bankid-sign/sign-orders.ts';
import type { Patience } from '../database/announcements.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../kernel/errors.ts';
import type { ClientId, ConsentId } from '../kernel/ids.ts';
import { RequestProgress, type BackchannelState } from './backchannel/request-progress.ts';
import { Requests, type BackchannelTerms, type BegunSigning } from './backchannel/requests.ts';
import type { ConsentRequest } from './consent.ts';
import { UnplacedOrders } from './expiry/unplaced-orders.ts';
import { Revocation } from './revocation/revocation.ts';

export type { BackchannelState, BackchannelTerms, BegunSigning };

/**
 * Signatures of payments that are asked for in an app, by a QR code that the TPP shows, or in a phone call. One request is one press:
 * whatever ends its order, except a renewal, ends its consent.
 */
@Injectable()
export class BackchannelSigning {
  constructor(
    private readonly requests: Requests,
    private readonly progress: RequestProgress,
    private readonly unplaced: UnplacedOrders,
    private readonly orders: SignOrders,
    private readonly revocation: Revocation,
  ) {}

  /**
   * Stores a consent and its order in the caller's transaction, for {@link send} after it.
   * @param request checked, for another way than the browser
   * @throws DomainError `consent.too-many-orders` with the time to wait; the transaction must not commit
   */
  begin(tx: Tx, request: ConsentRequest, terms: BackchannelTerms): Promise<BegunSigning> {
    return this.requests.insert(tx, request, terms);
  }

  /**
   * Makes the order at BankID. If that fails, the consent ends.
   * @throws DomainError `bankid.already-in-progress`, `bankid.refused`, `bankid.unavailable`
   */
  async send(begun: BegunSigning): Promise<void> {
    try {
      await this.orders.sendOrder(begun.unsent);
    } catch (error) {
      await this.unplaced.end(begun, error instanceof DomainError ? error.code : 'internal');
      throw error;
    }
  }

  /**
   * The consent in its present state, and its latest order. Undefined for a consent that is signed on a page of ours.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  findState(consentId: ConsentId): Promise<BackchannelState | undefined> {
    return this.progress.find(consentId);
  }

  /** This second's QR code; undefined where there is nothing to scan, and for any other way. */
  findQrFrame(consentId: ConsentId): Promise<string | undefined> {
    return this.progress.findQrFrame(consentId);
  }

  /** The link that starts the BankID app, renewed if need be; undefined where there is nothing to start, and for any other way than an app. */
  findLaunchLink(consentId: ConsentId, userAgent: string): Promise<string | undefined> {
    return this.orders.currentLaunchLink(consentId, userAgent);
  }

  /**
   * An app came back from BankID with this nonce, and has proven the key of its request. False where the nonce is not of this
   * consent's order; then nothing happens.
   */
  recordReturn(consentId: ConsentId, clientId: ClientId, nonce: string): Promise<boolean> {
    return this.progress.recordReturn(consentId, clientId, nonce);
  }

  /** The TPP takes its request back. False where the consent has ended already, or is not the client's. */
  cancel(consentId: ConsentId, clientId: ClientId): Promise<boolean> {
    return this.revocation.revokeOf(consentId, { clientId }, 'tpp');
  }

  /** The moment before a state is read. */
  mark(): number {
    return this.orders.mark();
  }

  /** Waits until the state may be another than the one that was read after `mark`. False when there is no reason to read it again. */
  nextState(consentId: ConsentId, mark: number, patience: Patience): Promise<boolean> {
    return this.orders.nextProgress(consentId, mark, patience);
  }
}
