import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { MINUTE_MS, type Clock } from '../../kernel/clock.ts';
import type { ConsentId, EvidenceId } from '../../kernel/ids.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { findPushedBank } from '../store/consent.repository.ts';
import { OncePerInterval } from '../../audit/once-per-interval.ts';

/** How a consent's rows differ from what was pushed or signed: the text for the log by the code for the event. */
const differences = {
  'attestation-not-of-bank':
    'its verification of the payee is not what its bank signed with a key that is registered now, or was too old when it was pushed',
  'authorisation-differs': 'its authorisation is not what was signed',
  'authorisation-missing': 'it has no authorisation',
  'client-differs': 'its code belongs to another client than the one it was signed for',
  'ended-before': 'it had ended, but its row says that it is open',
  'payer-unreadable': 'the payer in its authorisation cannot be decrypted',
} as const;

export type Alteration = keyof typeof differences;

/**
 * Reports a consent whose rows are not what was pushed or signed, with an error line and an event. Every request for the consent is refused,
 * but reported only once a minute, so that repeated requests do not fill the log and the chain.
 */
@Injectable()
export class FoundAltered {
  readonly #log = new Logger('authorisations');
  readonly #reports = new OncePerInterval(MINUTE_MS);

  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws if the event cannot be written; the next request then reports again */
  async report(consentId: ConsentId, alteration: Alteration, evidenceId?: EvidenceId): Promise<void> {
    const at = this.clock.now();
    if (!this.#reports.admits(consentId, at)) return;
    this.#log.error(`consent ${consentId}: ${differences[alteration]}; nothing is granted for it`);
    try {
      const detail = { alteration, ...(evidenceId !== undefined && { evidenceId }) };
      const event = { type: 'authorisation.found-altered', at, actor: 'service', detail };
      await this.audit.appendStandalone(await this.#subjectOf(consentId), event);
    } catch (error) {
      this.#reports.readmit(consentId);
      throw error;
    }
  }

  /** The consent's chain since its push: an altered authorisation may name another bank, and so another chain. */
  async #subjectOf(consentId: ConsentId): Promise<string> {
    const bank = await findPushedBank(this.database, consentId);
    if (bank === undefined) throw new TypeError(`consent ${consentId} has an authorisation, but its row is missing`);
    return consentSubject(bank, consentId);
  }
}
