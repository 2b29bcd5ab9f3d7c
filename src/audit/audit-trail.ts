import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../crypto/json/canonical-json.ts';
import { formatInstant } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { Database, type Scope, type Tx } from '../database/database.ts';
import { currentRequest, type RequestCaller } from '../operations/current-request.ts';
import { insertEvent, insertEvents, selectEvents, selectEventsOfAll } from './events/audit-event.repository.ts';
import type { LinkedEvent } from './check-chain.ts';

/** Something that happened, in the past tense: `consent.authorised`. Holds no personal number, address, token or signed XML. */
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
  constructor(private readonly database: Database) {}

  /** Appends within the caller's transaction: one INSERT. The database computes the event's place and its hash. */
  async appendEvent(tx: Tx, subject: string, event: AuditEvent): Promise<void> {
    await insertEvent(tx, subject, eventText(event));
  }

  /**
   * Appends to several chains, all or none: one INSERT. Each chain is locked until the transaction ends. Only this method locks
   * several chains, always in the order of subjects, so that transactions cannot deadlock.
   * @param scope a transaction that appends nothing else, or the pool for one of its own
   */
  async appendEvents(scope: Scope, events: ReadonlyMap<string, AuditEvent>): Promise<void> {
    if (events.size === 0) return;
    const texts = [...events].map(([subject, event]) => ({ subject, event: eventText(event) }));
    await insertEvents(
      scope,
      texts.sort((one, other) => (one.subject < other.subject ? -1 : 1)),
    );
  }

  /** Appends in a transaction of its own, for actions without one, such as a read. It is committed when this resolves. */
  async appendStandalone(subject: string, event: AuditEvent): Promise<void> {
    await insertEvent(this.database, subject, eventText(event));
  }

  /** The subject's chain from its first event. */
  async listEvents(subject: string, scope: Scope = this.database): Promise<readonly LinkedEvent[]> {
    return selectEvents(scope, subject);
  }

  /** The chains of several subjects, each from its first event; one without events has none. One SELECT. */
  async listChains(
    subjects: readonly string[],
    scope: Scope = this.database,
  ): Promise<ReadonlyMap<string, readonly LinkedEvent[]>> {
    return Map.groupBy(await selectEventsOfAll(scope, subjects), ({ subject }) => subject);
  }
}

/**
 * RFC 8785 text of the event and of its request. It names an authenticated client and its address, but never the payer's
 * address, which is sealed in the circumstances of the evidence.
 */
export function eventText({ type, at, actor, detail }: AuditEvent): string {
  const request = currentRequest();
  const { requestId: id, caller } = request ?? {};
  return canonicalJson({
    actor,
    at: formatInstant(at),
    detail,
    type,
    ...(id !== undefined && { request: { id, ...(caller && { client: caller.client, ...addressOf(caller) }) } }),
  });
}

function addressOf({ address }: RequestCaller): JsonObject {
  return address === undefined ? {} : { address };
}
