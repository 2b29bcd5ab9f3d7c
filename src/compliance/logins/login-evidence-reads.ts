import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Caller } from '../../client-auth/access.ts';
import { Database } from '../../database/database.ts';
import type { IdentificationSummary } from '../../evidence/identification.ts';
import { IdentificationStore } from '../../evidence/identification-store.ts';
import { formatInstant, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { findLoginId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { CLOCK } from '../../operations/clock.ts';

/** What a client reads of the evidence of its own logins: that it exists, and its verdict. Each reading is recorded before the answer. */
@Injectable()
export class LoginEvidenceReads {
  constructor(
    private readonly store: IdentificationStore,
    private readonly trail: AuditTrail,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `evidence.not-found` for a login without evidence, and for one of another client */
  async list(login: string, { clientId }: Caller): Promise<JsonObject> {
    const loginId = findLoginId(login);
    const found = loginId === undefined ? [] : await this.store.findOfClient(this.database, clientId, loginId);
    const [first] = found;
    if (!first) throw new DomainError('evidence.not-found');
    const event = { type: 'evidence.listed', at: this.clock.now(), actor: clientId, detail: {} };
    await this.trail.appendStandalone(loginSubject(clientId, first.loginId), event);
    return { evidence: found.map(summaryToJson) };
  }
}

/** No personal data. */
function summaryToJson(summary: IdentificationSummary): JsonObject {
  return {
    evidenceId: summary.evidenceId,
    loginId: summary.loginId,
    kind: summary.kind,
    clientId: summary.clientId,
    environment: summary.environment,
    indication: summary.indication,
    subIndication: summary.subIndication ?? null,
    evidenceDigest: summary.evidenceDigest.toString('base64url'),
    signedAt: summary.signedAt ? formatInstant(summary.signedAt) : null,
    receivedAt: formatInstant(summary.receivedAt),
    storedAt: formatInstant(summary.storedAt),
    retentionEndsAt: formatInstant(summary.retentionEndsAt),
  };
}
