import { PretendApp, type OrderView, type Signer } from '../../../simulator/client.ts';
import type { TestDatabase } from '../database/database.ts';

/**
 * The payer's app of a system under test. Once the payer has signed or cancelled, the service asks BankID at its next round, and
 * not only two seconds after it last asked: no test waits for that.
 */
export class PayerApp extends PretendApp {
  readonly #database: TestDatabase;

  constructor(appUrl: string, database: TestDatabase) {
    super(appUrl);
    this.#database = database;
  }

  override async sign(id: string, signer?: Signer): Promise<OrderView> {
    return this.#collected(await super.sign(id, signer));
  }

  override async cancel(id: string): Promise<OrderView> {
    return this.#collected(await super.cancel(id));
  }

  override async answerCall(id: string, inCall: boolean): Promise<OrderView> {
    return this.#collected(await super.answerCall(id, inCall));
  }

  override async fail(id: string, hintCode: string): Promise<OrderView> {
    return this.#collected(await super.fail(id, hintCode));
  }

  async #collected(order: OrderView): Promise<OrderView> {
    await this.collectNow();
    return order;
  }

  /** Makes every pending order due. */
  async collectNow(): Promise<void> {
    await this.#database.asOwner(
      `update sign_order set next_collect_at = clock_timestamp() where state = 'pending' and next_collect_at > clock_timestamp()`,
    );
  }
}
