import { Injectable } from '@nestjs/common';
import { checkVerification } from '../../clients/attestation.ts';
import { Clients, isBank, type Bank } from '../../clients/clients.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import type { Consent } from '../consent.ts';
import { FoundAltered } from './found-altered.ts';

type Attested = Pick<Consent, 'consentId' | 'bank' | 'createdAt' | 'creditorNameVerification' | 'initiation'>;

/**
 * The registered banks of consents. A login that writes rows can write that the bank confirms the payee, but cannot sign it:
 * the attestation is verified again before the page shows it, before it is put into an order, and before a consent is authorised.
 */
@Injectable()
export class ConsentBanks {
  constructor(
    private readonly clients: Clients,
    private readonly found: FoundAltered,
  ) {}

  findBank(id: ClientId): Bank | undefined {
    const client = this.clients.findClient(id);
    return client && isBank(client) ? client : undefined;
  }

  /** Whether the push would have accepted what the row says that the bank attests, with the bank's keys of now. */
  isAttested({ bank, createdAt, creditorNameVerification: verification, initiation }: Attested): boolean {
    if (verification?.attestation === undefined) return true;
    try {
      checkVerification(verification, initiation, this.findBank(bank), createdAt, '');
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }

  /** @throws DomainError `consent.altered`, which is reported */
  async checkAttested(consent: Attested): Promise<void> {
    if (!this.isAttested(consent)) await this.refuse(consent);
  }

  /** @throws DomainError `consent.altered`, which is reported */
  async refuse({ consentId }: Attested): Promise<never> {
    await this.found.report(consentId, 'attestation-not-of-bank');
    throw new DomainError('consent.altered');
  }
}
