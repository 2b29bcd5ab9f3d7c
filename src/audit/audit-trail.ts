import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../crypto/canonical-json.ts';
import { formatInstant } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { Database, type Scope, type Tx } from '../platform/database.ts';
import { insertEvent, selectEvents, type EventParams } from './events/audit-event.repository.ts';
import type { LinkedEvent } from './check-chain.ts';

/** Something that happened, in the past tense: `consent.authorised`. Holds no personal number, token or signed XML. */
export interface AuditEvent {
  readonly type: string;
  readonly at: Date;
  /** A client id, or one of `payer`, `service`, `operator`, `eraser`. */
  readonly actor: string;
  readonly detail: JsonObject;
}

/** A chain of events per subject (a consent, or a caller), each linked to the one before by its hash. */
@Injectable()
export class AuditTrail {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Appends within the caller's transaction: one INSERT. The database gives the event its place and its hash. */
  async appendEvent(tx: Tx, subject: string, event: AuditEvent): Promise<void> {
    await insertEvent(tx, subject, eventText(subject, event));
  }

  /** Appends on its own, for what has no transaction of its own, such as a read. Committed when this resolves. */
  async appendStandalone(subject: string, event: AuditEvent): Promise<void> {
    await insertEvent(this.#database, subject, eventText(subject, event));
  }

  /** The subject's chain from its first event; `scope` is a transaction, or the pool where left out. */
  async listEvents(subject: string, scope: Scope = this.#database): Promise<readonly LinkedEvent[]> {
    return selectEvents(scope, subject);
  }
}

/**
 * An event for a composed statement, around the place of its subject: the members of the canonical form are sorted (RFC 8785
 * §3.2.3), and only `type` comes after `subject`.
 */
export function eventParams({ type, at, actor, detail }: AuditEvent): EventParams {
  return {
    event_before: `${canonicalJson({ actor, at: formatInstant(at), detail }).slice(0, -1)},"subject":`,
    event_after: `,${canonicalJson({ type }).slice(1)}`,
  };
}

export { happened, type EventParams } from './events/audit-event.repository.ts';

function eventText(subject: string, event: AuditEvent): string {
  return canonicalJson({ ...event, at: formatInstant(event.at), subject });
}
