import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { MassExpiry } from '../consent/mass-expiry.ts';
import { LoginMassExpiry } from '../login/mass-expiry.ts';
import { formatInstant, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { Database } from '../database/database.ts';
import { revokeTokensIssuedBefore } from '../client-auth/access-tokens.ts';
import { expireCodes } from './recovery/expire-codes.repository.ts';

/** Consents, logins or tokens per transaction, few enough not to block a running service. */
const BATCH_SIZE = 200;

/** How many were ended; zero if it is run again. */
export interface RecoverySummary {
  readonly since: string;
  readonly consents: number;
  readonly codes: number;
  /** Without an authentication. */
  readonly logins: number;
  readonly tokens: number;
}

/**
 * For a database that was restored, or failed over to a standby that lagged behind: what it shows as open may have been
 * used in the lost part. Everything from before that moment is ended, so that no token pays twice.
 */
@Injectable()
export class Recovery {
  constructor(
    private readonly database: Database,
    private readonly consents: MassExpiry,
    private readonly logins: LoginMassExpiry,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends every open consent, login, code and token from before `since`. It can be interrupted and run again. */
  async run(since: Date, actor: string): Promise<RecoverySummary> {
    const ended = await this.#endConsents(since, actor);
    const logins = await this.#endLogins(since, actor);
    const tokens = ended.tokens + (await this.#revokeTokens(since));
    const summary = { since: formatInstant(since), consents: ended.consents, codes: ended.codes, logins, tokens };
    const event = { type: 'recovery.completed', at: this.clock.now(), actor, detail: summary };
    await this.audit.appendStandalone(`recovery:${randomUUID()}`, event);
    return summary;
  }

  async #endConsents(
    before: Date,
    actor: string,
  ): Promise<{ readonly consents: number; readonly codes: number; readonly tokens: number }> {
    const sum = { consents: 0, codes: 0, tokens: 0 };
    for (;;) {
      const batch = await this.database.inTransaction(async (tx) => {
        const { consentIds, tokens } = await this.consents.endNext(tx, { before, limit: BATCH_SIZE, actor });
        return { consents: consentIds.length, codes: await expireCodes(tx, consentIds, this.clock.now()), tokens };
      });
      if (batch.consents === 0) return sum;
      sum.consents += batch.consents;
      sum.codes += batch.codes;
      sum.tokens += batch.tokens;
    }
  }

  async #endLogins(before: Date, actor: string): Promise<number> {
    let sum = 0;
    for (;;) {
      const end = { before, limit: BATCH_SIZE, actor };
      const ended = await this.database.inTransaction((tx) => this.logins.endNext(tx, end));
      if (ended === 0) return sum;
      sum += ended;
    }
  }

  /** Machine tokens, those of logins, and those of consents that had ended before. */
  async #revokeTokens(before: Date): Promise<number> {
    let sum = 0;
    for (;;) {
      const revoked = await revokeTokensIssuedBefore(this.database, before, this.clock.now(), BATCH_SIZE);
      if (revoked === 0) return sum;
      sum += revoked;
    }
  }
}
