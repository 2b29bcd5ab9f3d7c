import { Injectable } from '@nestjs/common';
import { AuditTrail, type AuditEvent } from '../../audit/audit-trail.ts';
import type { LinkedEvent } from '../../audit/check-chain.ts';
import { Database } from '../../database/database.ts';
import type { LockedEvidence } from '../../evidence/evidence.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import { consentSubject } from '../../kernel/subject.ts';
import type { ExportRequest } from '../export-request.ts';
import {
  countAuthorisedConsents,
  selectAuditLeaves,
  selectAuthorisedConsents,
  type AuthorisedConsent,
  type Cursor,
} from './authorised-consent.repository.ts';

/** Consents that are read together, and whose events are committed together. */
const PAGE = 64;

/** A consent of a page. */
export interface FoundConsent {
  readonly consent: AuthorisedConsent;
  readonly subject: string;
  /** Undefined if the data key was destroyed at the end of the retention period. */
  readonly locked: LockedEvidence | undefined;
  /** Undefined for a list, which has no events. */
  readonly chain: ConsentChain | undefined;
}

/** The events of a consent. */
interface ConsentChain {
  readonly events: readonly LinkedEvent[];
  /** Of the audit log: the one that covers the head. Undefined before there is one. */
  readonly leaf: number | undefined;
}

/** Reads the consents of an export page by page. */
@Injectable()
export class ConsentPages {
  constructor(
    private readonly database: Database,
    private readonly store: EvidenceStore,
    private readonly trail: AuditTrail,
  ) {}

  /** Events of several consents, committed when it resolves. */
  record(events: ReadonlyMap<string, AuditEvent>): Promise<void> {
    return this.trail.appendEvents(this.database, events);
  }

  count(request: ExportRequest): Promise<number> {
    return countAuthorisedConsents(this.database, request);
  }

  /** The page after a consent; empty after the last. Six SELECTs, for a list four. */
  async read(request: ExportRequest, after: Cursor | undefined): Promise<readonly FoundConsent[]> {
    const consents = await selectAuthorisedConsents(this.database, request, after, PAGE);
    if (consents.length === 0) return [];
    const locked = await this.store.findLocked(this.database, consents);
    const subjects = consents.map(({ bank, consentId }) => consentSubject(bank, consentId));
    const chains = request.format === 'list' ? undefined : await this.#chainsOf(subjects);
    return consents.map((consent, n) => {
      const subject = subjects[n] ?? '';
      return { consent, subject, locked: locked[n], chain: chains?.get(subject) };
    });
  }

  async #chainsOf(subjects: readonly string[]): Promise<ReadonlyMap<string, ConsentChain>> {
    const chains = await this.trail.listChains(subjects, this.database);
    const heads = [...chains.values()].flatMap((events) => events.slice(-1));
    const leaves = await selectAuditLeaves(this.database, heads);
    return new Map(
      subjects.map((subject) => [subject, { events: chains.get(subject) ?? [], leaf: leaves.get(subject) }]),
    );
  }
}
