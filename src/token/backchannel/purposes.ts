import { Injectable } from '@nestjs/common';
import {
  BackchannelSigning,
  type BackchannelState,
  type BackchannelTerms,
  type BegunSigning,
} from '../../consent/backchannel-signing.ts';
import type { ConsentRequest } from '../../consent/consent.ts';
import type { Tx } from '../../database/database.ts';
import type { HeldRequest } from './store/backchannel-request.repository.ts';

/** What a person is asked for. */
export interface Asked {
  readonly purpose: 'payment';
  readonly consent: ConsentRequest;
}

/**
 * What requests are made for. Each purpose has a class of its own, with the same methods; which of them is called is decided here and
 * nowhere else.
 */
@Injectable()
export class Purposes {
  constructor(private readonly payments: BackchannelSigning) {}

  /** Stores what is asked for with its order, in the caller's transaction. */
  begin(tx: Tx, asked: Asked, terms: BackchannelTerms): Promise<BegunSigning> {
    return this.payments.begin(tx, asked.consent, terms);
  }

  /** Makes the order at BankID, after the commit. If that fails, what was stored has ended. */
  async send(begun: BegunSigning): Promise<void> {
    await this.payments.send(begun);
  }

  findState({ consentId }: HeldRequest): Promise<BackchannelState | undefined> {
    return this.payments.findState(consentId);
  }

  findQrFrame({ consentId }: HeldRequest): Promise<string | undefined> {
    return this.payments.findQrFrame(consentId);
  }

  findLaunchLink({ consentId }: HeldRequest, userAgent: string): Promise<string | undefined> {
    return this.payments.findLaunchLink(consentId, userAgent);
  }

  /** False where the nonce is not of the request's order. */
  recordReturn({ consentId, clientId }: HeldRequest, nonce: string): Promise<boolean> {
    return this.payments.recordReturn(consentId, clientId, nonce);
  }

  /** False where the request has ended already. */
  cancel({ consentId, clientId }: HeldRequest): Promise<boolean> {
    return this.payments.cancel(consentId, clientId);
  }
}
