import { Injectable } from '@nestjs/common';
import { AuditChains } from '../audit/audit-chains.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { findChainFaults, type ChainFault } from '../audit/check-chain.ts';
import type { ConsentId } from '../kernel/ids.ts';
import type { Period } from '../audit/period.ts';
import { Database } from '../database/database.ts';
import {
  findConsentTrace,
  selectChainsWithoutConsent,
  selectConsentTraces,
  selectSubjectsOfConsent,
  type ConsentTrace,
} from './audit/consent-trace.repository.ts';
import { findEventFaults, type EventFault } from './audit/find-event-faults.ts';
import { timelineEvent, type TimelineEvent } from './audit/timeline.ts';

/**
 * A fault of the audit trail. No personal data.
 * - `link-missing`, `link-unlinked`, `link-edited`: the chain is broken at the place `seq`
 * - `event-missing`: the consent's rows require an event of this type; `event-unexpected`: they contradict it
 * - `consent-missing`: a chain without a consent
 */
export interface AuditFinding {
  readonly code: `link-${ChainFault['fault']}` | EventFault['code'] | 'consent-missing';
  readonly subject: string;
  readonly seq?: number;
  readonly type?: string;
}

export interface AuditReport {
  readonly chains: number;
  readonly events: number;
  readonly consents: number;
  readonly findings: readonly AuditFinding[];
}

/** One consent's chain. */
export interface ConsentTimeline {
  readonly consentId: string;
  readonly subject: string;
  /** Undefined if the consent's row is missing. */
  readonly state: string | undefined;
  readonly events: readonly TimelineEvent[];
  readonly findings: readonly AuditFinding[];
}

const CONSENTS_PER_PAGE = 200;

/** Reads the audit trail for auditors and operators, and compares it with the rows of the consents. */
@Injectable()
export class AuditReading {
  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
    private readonly chains: AuditChains,
  ) {}

  /** Checks every chain and every consent, or those of a period. Memory grows with the faults, not with the trail. */
  async verify(period?: Period): Promise<AuditReport> {
    const { chains, events, faults } = await this.chains.check(period);
    const findings: AuditFinding[] = faults.map(ofChain);
    let consents = 0;
    let last: ConsentTrace | undefined;
    for (;;) {
      const page = await selectConsentTraces(this.database, period, last, CONSENTS_PER_PAGE);
      last = page.at(-1);
      if (!last) break;
      consents += page.length;
      for (const trace of page) findings.push(...ofConsent(trace));
    }
    const orphans = await selectChainsWithoutConsent(this.database, period);
    for (const subject of orphans) findings.push({ code: 'consent-missing', subject });
    return { chains, events, consents, findings };
  }

  /** Undefined if neither a consent nor a chain has this id. */
  async readConsent(consentId: ConsentId): Promise<ConsentTimeline | undefined> {
    const trace = await findConsentTrace(this.database, consentId);
    const subject = trace?.subject ?? (await selectSubjectsOfConsent(this.database, consentId))[0];
    if (subject === undefined) return undefined;
    const events = await this.trail.listEvents(subject);
    const missing = trace ? ofConsent(trace) : [{ code: 'consent-missing', subject } as const];
    return {
      consentId,
      subject,
      state: trace?.state,
      events: events.map(timelineEvent),
      findings: [...findChainFaults(events).map(ofChain), ...missing],
    };
  }
}

function ofChain({ subject, seq, fault }: ChainFault): AuditFinding {
  return { code: `link-${fault}`, subject, seq };
}

function ofConsent(trace: ConsentTrace): AuditFinding[] {
  return findEventFaults(trace).map(({ code, type }) => ({ code, subject: trace.subject, type }));
}
