import type { Database } from '../../database/database.ts';
import { Metrics } from '../../operations/metrics.ts';
import type { Worker, Workers } from '../../operations/workers.ts';
import { bankIdTimings } from '../timings.ts';
import type { LeasedOrder } from './collect.repository.ts';
import { Collector } from './collector.ts';
import type { OrderCollection } from './order-collection.ts';

/** A collector, its loop's handles, and BankID, which answers when it is told to. */
class Scene {
  readonly leases: number[] = [];
  wakes = 0;
  #due: number;
  #run: () => Promise<unknown> = () => Promise.resolve();
  readonly #answers: (() => void)[] = [];

  constructor(due: number) {
    this.#due = due;
    const workers = {
      add: ({ runOnce }: Worker) => {
        this.#run = runOnce;
        return () => void (this.wakes += 1);
      },
    };
    const collection = {
      leaseDue: (limit: number) => Promise.resolve(this.#lease(limit)),
      collect: () => new Promise<undefined>((answer) => this.#answers.push(() => answer(undefined))),
      reschedule: () => Promise.resolve(),
      endOrphans: () => Promise.resolve([]),
    };
    const database = { query: () => Promise.resolve({ affected: 0, rows: [] }) };
    new Collector(
      collection as unknown as OrderCollection,
      database as unknown as Database,
      new Metrics(),
      bankIdTimings,
      workers as unknown as Workers,
    );
  }

  async round(): Promise<void> {
    await this.#run();
  }

  async answer(count: number): Promise<void> {
    for (const answer of this.#answers.splice(0, count)) answer();
    await new Promise(setImmediate);
  }

  #lease(limit: number): LeasedOrder[] {
    const count = Math.min(limit, this.#due);
    this.#due -= count;
    this.leases.push(count);
    return Array.from({ length: count }, (_, at) => ({ orderId: String(at) }) as unknown as LeasedOrder);
  }
}

describe('the collector of many orders', () => {
  it('leases what found no room once half of its collects are answered, not at the next tick', async () => {
    const scene = new Scene(500);
    await scene.round();
    await scene.answer(63);
    expect(scene.wakes).toBe(0);
    await scene.answer(1);
    expect(scene.wakes).toBe(1);
    await scene.round();
    expect(scene.leases).toEqual([128, 64]);
  });

  it('is woken once by each full round, however many answers come', async () => {
    const scene = new Scene(500);
    await scene.round();
    await scene.answer(128);
    expect(scene.wakes).toBe(1);
  });

  it('waits for its tick where every order that was due found room', async () => {
    const scene = new Scene(100);
    await scene.round();
    await scene.answer(100);
    expect([scene.leases, scene.wakes]).toEqual([[100], 0]);
  });

  it('leases nothing while BankID answers nothing, and goes on when it does', async () => {
    const scene = new Scene(500);
    await scene.round();
    await scene.round();
    expect(scene.leases).toEqual([128]);
    await scene.answer(100);
    expect(scene.wakes).toBe(1);
  });
});
