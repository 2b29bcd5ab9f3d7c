import { Injectable } from '@nestjs/common';
import { AuditChains } from '../audit/audit-chains.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { findChainFaults, type ChainFault } from '../audit/check-chain.ts';
import type { ConsentId, LoginId } from '../kernel/ids.ts';
import type { Period } from '../audit/period.ts';
import { bankSubject } from '../kernel/subject.ts';
import { Database } from '../database/database.ts';
import {
  findConsentTrace,
  selectChainsWithoutConsent,
  selectConsentTraces,
  selectSubjectsOfConsent,
  type ConsentTrace,
} from './audit/consent-trace.repository.ts';
import { findEventFaults, findLoginEventFaults, type EventFault } from './audit/find-event-faults.ts';
import {
  findLoginTrace,
  selectChainsWithoutLogin,
  selectLoginTraces,
  selectSubjectsOfLogin,
  type LoginTrace,
} from './audit/login-trace.repository.ts';
import { timelineEvent, type TimelineEvent } from './audit/timeline.ts';

/**
 * A fault of the audit trail. No personal data.
 * - `link-missing`, `link-unlinked`, `link-edited`: the chain is broken at the place `seq`
 * - `event-missing`: the consent's rows require an event of this type; `event-unexpected`: they contradict it
 * - `consent-missing`, `login-missing`: a chain without its consent or login
 */
export interface AuditFinding {
  readonly code: `link-${ChainFault['fault']}` | EventFault['code'] | 'consent-missing' | 'login-missing';
  readonly subject: string;
  readonly seq?: number;
  readonly type?: string;
}

export interface AuditReport {
  readonly chains: number;
  readonly events: number;
  readonly consents: number;
  readonly logins: number;
  readonly findings: readonly AuditFinding[];
}

/** One consent's chain. */
export type ConsentTimeline = Timeline & { readonly consentId: string };
export type LoginTimeline = Timeline & { readonly loginId: string };
/** A bank's own chain: what concerns more than one of its consents. */
export type BankTimeline = Timeline & { readonly bank: string };

interface Timeline {
  readonly subject: string;
  /** Undefined if the row of the consent or login is missing, and for a bank. */
  readonly state: string | undefined;
  readonly events: readonly TimelineEvent[];
  readonly findings: readonly AuditFinding[];
}

const PER_PAGE = 200;

/** Reads the audit trail for auditors and operators, and compares it with the rows of consents and logins. */
@Injectable()
export class AuditReading {
  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
    private readonly chains: AuditChains,
  ) {}

  /** Checks every chain, consent and login, or those of a period. Memory grows with the faults, not with the trail. */
  async verify(period?: Period): Promise<AuditReport> {
    const { chains, events, faults } = await this.chains.check(period);
    const findings: AuditFinding[] = faults.map(ofChain);
    const consents = await this.#compareConsents(period, findings);
    const logins = await this.#compareLogins(period, findings);
    return { chains, events, consents, logins, findings };
  }

  async #compareConsents(period: Period | undefined, findings: AuditFinding[]): Promise<number> {
    let consents = 0;
    let last: ConsentTrace | undefined;
    for (;;) {
      const page = await selectConsentTraces(this.database, period, last, PER_PAGE);
      last = page.at(-1);
      if (!last) break;
      consents += page.length;
      for (const trace of page) findings.push(...ofConsent(trace));
    }
    const orphans = await selectChainsWithoutConsent(this.database, period);
    for (const subject of orphans) findings.push({ code: 'consent-missing', subject });
    return consents;
  }

  async #compareLogins(period: Period | undefined, findings: AuditFinding[]): Promise<number> {
    let logins = 0;
    let last: LoginTrace | undefined;
    for (;;) {
      const page = await selectLoginTraces(this.database, period, last, PER_PAGE);
      last = page.at(-1);
      if (!last) break;
      logins += page.length;
      for (const trace of page) findings.push(...ofLogin(trace));
    }
    const orphans = await selectChainsWithoutLogin(this.database, period);
    for (const subject of orphans) findings.push({ code: 'login-missing', subject });
    return logins;
  }

  /** Undefined if neither a consent nor a chain has this id. */
  async readConsent(consentId: ConsentId): Promise<ConsentTimeline | undefined> {
    const trace = await findConsentTrace(this.database, consentId);
    const subject = trace?.subject ?? (await selectSubjectsOfConsent(this.database, consentId))[0];
    if (subject === undefined) return undefined;
    const faults = trace ? ofConsent(trace) : [{ code: 'consent-missing', subject } as const];
    return { consentId, ...(await this.#timeline(subject, trace?.state, faults)) };
  }

  /** The same of a login. */
  async readLogin(loginId: LoginId): Promise<LoginTimeline | undefined> {
    const trace = await findLoginTrace(this.database, loginId);
    const subject = trace?.subject ?? (await selectSubjectsOfLogin(this.database, loginId))[0];
    if (subject === undefined) return undefined;
    const faults = trace ? ofLogin(trace) : [{ code: 'login-missing', subject } as const];
    return { loginId, ...(await this.#timeline(subject, trace?.state, faults)) };
  }

  /** Events of a bank itself. Undefined if there are none. */
  async readBank(bank: string): Promise<BankTimeline | undefined> {
    const timeline = await this.#timeline(bankSubject(bank), undefined, []);
    return timeline.events.length === 0 ? undefined : { bank, ...timeline };
  }

  async #timeline(subject: string, state: string | undefined, faults: readonly AuditFinding[]): Promise<Timeline> {
    const events = await this.trail.listEvents(subject);
    const findings = [...findChainFaults(events).map(ofChain), ...faults];
    return { subject, state, events: events.map(timelineEvent), findings };
  }
}

function ofChain({ subject, seq, fault }: ChainFault): AuditFinding {
  return { code: `link-${fault}`, subject, seq };
}

function ofConsent(trace: ConsentTrace): AuditFinding[] {
  return findEventFaults(trace).map(({ code, type }) => ({ code, subject: trace.subject, type }));
}

function ofLogin(trace: LoginTrace): AuditFinding[] {
  return findLoginEventFaults(trace).map(({ code, type }) => ({ code, subject: trace.subject, type }));
}
