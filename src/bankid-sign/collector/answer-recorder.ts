import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import { OrderSignals } from '../order/order-signals.ts';
import { Placement } from '../placement/placement.ts';
import type { UnsentOrder } from '../placement/submission.ts';
import { sealAnswer } from '../order/sealed-order.ts';
import type { CollectAnswer } from '../rp-api/parse-answer.ts';
import {
  markAnswerLost,
  NOT_STARTED,
  recordHint,
  storeAnswer,
  storeOrRenew,
  type FinalState,
  type LeasedOrder,
} from './collect.repository.ts';

type FinalAnswer = Exclude<CollectAnswer, { readonly status: 'pending' }>;
/** What became of the order, with its successor where it was renewed; undefined where it had been finished before. */
type Stored = UnsentOrder | 'answered' | undefined;

/** BankID gives the answer once, so storing it is retried for about a minute, enough for a restart or a failover. */
const STORE_ATTEMPTS = 18;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;

/** Stores BankID's answers: a final answer in a commit of its own, before it is interpreted. */
@Injectable()
export class AnswerRecorder {
  readonly #log = new Logger('bankid-sign');

  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly placement: Placement,
    private readonly signals: OrderSignals,
  ) {}

  /** @param received BankID's answer, byte for byte */
  async record(order: LeasedOrder, answer: FinalAnswer, received: Buffer): Promise<void> {
    const { orderId, subject } = order;
    const key = this.envelope.unwrapFound(subject, order.key);
    const hintCode = answer.status === 'failed' ? answer.hintCode : undefined;
    const final = { orderId, status: answer.status, hintCode, at: this.clock.now() };
    const sealed = sealAnswer(key, orderId, received);
    const stored = await persist(() => this.#store(final, sealed, key));
    if (typeof stored === 'object') await this.placement.sendRenewal(stored);
    else if (stored === 'answered') this.signals.announceAnswer(subject);
    else this.#log.warn(`order ${orderId}: an answer came after the order was finished; it is stored`);
  }

  /** Records a new reason why BankID is waiting. */
  async recordHint(order: LeasedOrder, hintCode: string | undefined): Promise<void> {
    await recordHint(this.database, order, hintCode, this.clock.now());
    this.signals.announceProgress(order.group);
  }

  /** Whether the answer is lost: BankID said that it had been given, and no instance stored it within `waitMs` after that. */
  async recordLost(order: LeasedOrder, waitMs: number): Promise<boolean> {
    const isLost = await markAnswerLost(this.database, order, waitMs, this.clock.now());
    if (isLost) this.signals.announceAnswer();
    return isLost;
  }

  /** Only an order that was not started needs a transaction: it may be renewed. */
  async #store(final: FinalState, sealed: Buffer, key: DataKey): Promise<Stored> {
    if (final.hintCode !== NOT_STARTED) return storeAnswer(this.database, final, sealed);
    return this.database.inTransaction(async (tx) => {
      const state = await storeOrRenew(tx, final, sealed);
      return state === 'renewed' ? this.placement.insertRenewal(tx, key, final.orderId) : state;
    });
  }
}

/** Retries with growing pauses; `store` changes nothing if it has already succeeded. */
async function persist<T>(store: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store();
    } catch (error) {
      if (attempt === STORE_ATTEMPTS) throw error;
      await delay(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS));
    }
  }
}
