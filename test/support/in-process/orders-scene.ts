import { PretendApp } from '../../../simulator/client.ts';
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { sharedPkiDirectory } from '../bankid/relying-party.ts';
import { createTestDatabase, type TestDatabase } from '../database/database.ts';
import { MovableClock } from '../system/movable-clock.ts';
import { closeInstances, startInstance, type Instance } from './orders.ts';

/** The simulator makes ten RSA keys, some of 4096 bits; on a busy machine that takes a while. */
export const PKI_TIMEOUT_MS = 120_000;

interface Parts {
  readonly clock: MovableClock;
  readonly simulator: Simulator;
  readonly app: PretendApp;
  readonly db: TestDatabase;
  readonly instance: Instance;
}

/** One instance that places orders, the simulator where it places them, and the pretend app of the payer. */
export class SignScene implements Parts {
  readonly clock: MovableClock;
  readonly simulator: Simulator;
  readonly app: PretendApp;
  readonly db: TestDatabase;
  readonly instance: Instance;

  private constructor({ clock, simulator, app, db, instance }: Parts) {
    this.clock = clock;
    this.simulator = simulator;
    this.app = app;
    this.db = db;
    this.instance = instance;
  }

  static async open(): Promise<SignScene> {
    const clock = new MovableClock();
    const simulator = await startSimulator({ pkiDirectory: sharedPkiDirectory });
    const app = new PretendApp(simulator.appUrl);
    const db = await createTestDatabase();
    const instance = await startInstance({ url: simulator.rpUrl, material: simulator.pki, db, clock });
    return new SignScene({ clock, simulator, app, db, instance });
  }

  async close(): Promise<void> {
    // First, and whatever failed before: an open server keeps the test runner waiting.
    await this.simulator.stop();
    await closeInstances();
    await this.db.close();
  }

  async frameOf(group: string): Promise<string> {
    const frame = await this.instance.orders.getQrFrame(group, systemClock.now());
    if (frame === undefined) throw new Error('no frame');
    return frame;
  }

  /** The payer reads the QR code. */
  async scan(group: string): Promise<string> {
    return (await this.app.scan(await this.frameOf(group))).id;
  }
}
