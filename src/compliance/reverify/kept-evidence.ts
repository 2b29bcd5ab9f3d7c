import { Injectable } from '@nestjs/common';
import type { Period } from '../../audit/period.ts';
import {
  findReceivedAnswers,
  selectSignedOrders,
  type SignedOrder,
} from '../../bankid-sign/received-answer.repository.ts';
import { ANSWER_KIND } from '../../bankid-sign/sign-order.ts';
import { LOGIN_HINT } from '../../consent/consents.ts';
import { Database } from '../../database/database.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { Envelope } from '../../vault/envelope.ts';
import { openNumber } from './read-kept.ts';
import { findOrdersWithoutEvidence, selectStoredEvidence, type StoredEvidence } from './stored-evidence.repository.ts';

/** Evidence of a period, with what was kept before it: BankID's answer as received, and who was to sign. */
export interface KeptOccasion extends StoredEvidence {
  readonly answerSealed: Buffer | undefined;
}

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
  async *ofPeriod(period: Period): AsyncGenerator<KeptOccasion> {
    let last: StoredEvidence | undefined;
    for (;;) {
      const page = await selectStoredEvidence(this.database, period, last, PAGE);
      if (page.length === 0) return;
      const answers = await findReceivedAnswers(
        this.database,
        page.map(({ orderId }) => orderId),
      );
      for (const stored of page) yield { ...stored, answerSealed: answers.get(stored.orderId) };
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

  /**
   * BankID's answer, byte for byte; undefined where none was kept.
   * @throws when it cannot be opened
   */
  async findAnswer({ subject, orderId, answerSealed }: KeptOccasion): Promise<Buffer | undefined> {
    return answerSealed && this.envelope.open(this.database, subject, ANSWER_KIND, orderId, answerSealed);
  }

  /** The person who alone might sign; undefined where none was named, or the login hint cannot be opened. */
  async findBoundPayer({ subject, consentId, loginHintSealed }: KeptOccasion): Promise<PersonalNumber | undefined> {
    const key = await this.envelope.findDataKey(this.database, subject);
    return key && openNumber(key, LOGIN_HINT, consentId, loginHintSealed);
  }
}
