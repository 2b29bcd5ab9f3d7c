import { Injectable } from '@nestjs/common';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { Database } from '../../database/database.ts';
import type { Caller } from '../../client-auth/access.ts';
import { Consents, partyOf, type Party } from '../consents.ts';
import { withdrawOrder } from '../../attempts/withdraw-order.ts';

/** Lets TPP and bank revoke a consent before it is consumed. */
@Injectable()
export class Revocation {
  constructor(
    private readonly database: Database,
    private readonly orders: SignOrders,
    private readonly consents: Consents,
  ) {}

  /**
   * Revokes a consent of the caller's. Revoking it again is not an error.
   * @throws DomainError `consent.not-found`; `consent.not-authorised` with the state if it has ended otherwise
   */
  async revokeConsent(consentId: ConsentId, caller: Caller): Promise<void> {
    const reason = caller.role === 'bank' ? 'bank' : 'tpp';
    if (!(await this.revokeOf(consentId, partyOf(caller), reason))) await this.#explain(consentId, caller);
  }

  /** Revokes a consent of the party's, and withdraws its order. False if it has ended already, or is not the party's. */
  async revokeOf(consentId: ConsentId, party: Party, reason: 'tpp' | 'bank'): Promise<boolean> {
    const isRevoked = await this.database.inTransaction((tx) => this.consents.revokeIn(tx, consentId, party, reason));
    if (isRevoked) await withdrawOrder(this.orders, consentId);
    return isRevoked;
  }

  async #explain(consentId: ConsentId, caller: Caller): Promise<void> {
    const consent = await this.consents.getConsent(consentId, caller);
    if (consent.state !== 'revoked')
      throw new DomainError('consent.not-authorised', { extra: { state: consent.state } });
  }
}
