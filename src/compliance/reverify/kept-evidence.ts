import { Injectable } from '@nestjs/common';
import type { Period } from '../../audit/period.ts';
import { selectSignedOrders, type SignedOrder } from '../../bankid-sign/received-answer.repository.ts';
import { LOGIN_HINT } from '../../consent/consents.ts';
import { Database } from '../../database/database.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { Envelope } from '../../vault/envelope.ts';
import { openNumber } from './read-kept.ts';
import { findOrdersWithoutEvidence, selectStoredEvidence, type StoredEvidence } from './stored-evidence.repository.ts';

const PAGE = 50;
const ORDERS_PAGE = 1_000;

/** Reads stored evidence beside what was kept of its occasion elsewhere. */
@Injectable()
export class KeptEvidence {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
  ) {}

  /** All evidence that was stored in the period, in that order. */
  async *ofPeriod(period: Period): AsyncGenerator<StoredEvidence> {
    let last: StoredEvidence | undefined;
    for (;;) {
      const page = await selectStoredEvidence(this.database, period, last, PAGE);
      if (page.length === 0) return;
      yield* page;
      last = page.at(-1);
    }
  }

  /** Orders that were signed in the period and have given no evidence: still to be settled, or a fault. */
  async findOrdersWithoutEvidence(period: Period): Promise<readonly string[]> {
    const without: string[] = [];
    let last: SignedOrder | undefined;
    for (;;) {
      const page = await selectSignedOrders(this.database, period, last, ORDERS_PAGE);
      if (page.length === 0) return without;
      const orderIds = page.map(({ orderId }) => orderId);
      without.push(...(await findOrdersWithoutEvidence(this.database, orderIds)));
      last = page.at(-1);
    }
  }

  /** The person who alone might sign; undefined where none was named, or the login hint cannot be opened. */
  async findBoundPayer({ subject, consentId, loginHintSealed }: StoredEvidence): Promise<PersonalNumber | undefined> {
    const key = await this.envelope.findDataKey(this.database, subject);
    return key && openNumber(key, LOGIN_HINT, consentId, loginHintSealed);
  }
}
