import type { TestDatabase } from '../database/database.ts';
import type { RawParties } from '../parties/raw-parties.ts';
import type { MovableClock } from './movable-clock.ts';
import type { TestSystem } from './system.ts';

/** Steps of a test on a whole system, which they started and stop. */
export abstract class SystemSteps {
  readonly world: TestSystem;

  protected constructor(world: TestSystem) {
    this.world = world;
  }

  stop(): Promise<void> {
    return this.world.stop();
  }

  get database(): TestDatabase {
    return this.world.database;
  }

  get clock(): MovableClock {
    return this.world.clock;
  }

  get parties(): RawParties {
    return this.world.raw;
  }

  /** A part of the service. */
  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.world.get(type);
  }
}
