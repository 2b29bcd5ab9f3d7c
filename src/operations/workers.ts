import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { WorkerLoop, type Repeated } from './workers/worker-loop.ts';

/** A job that an instance repeats, with a unique name. */
export interface Worker extends Repeated {
  /** Waits for work that its last run left in progress. */
  readonly finish?: () => Promise<void>;
  /** Whether it also runs on an instance without workers, because it watches this process and does no shared work. */
  readonly everywhere?: boolean;
}

interface Registered {
  readonly worker: Worker;
  readonly loop: WorkerLoop;
}

/**
 * The workers of an instance. They start together once the application has been initialised, and the
 * application ends when all of them have stopped.
 */
@Injectable()
export class Workers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #registered = new Map<string, Registered>();

  constructor(@Inject(CONFIG) private readonly config: Pick<AppConfig, 'workers'>) {}

  /**
   * Call it in a constructor: a worker added later is not started.
   * @returns a function that runs the worker as soon as possible; it has no effect unless the worker is started
   */
  add(worker: Worker): () => void {
    const { name } = worker;
    if (this.#registered.has(name)) throw new TypeError(`two workers are called ${name}`);
    const loop = new WorkerLoop(worker);
    this.#registered.set(name, { worker, loop });
    return () => loop.wake();
  }

  /** Stops one worker; resolves when its run is over. */
  async stop(name: string): Promise<void> {
    const registered = this.#registered.get(name);
    if (!registered) throw new TypeError(`no worker is called ${name}`);
    await end(registered);
  }

  onApplicationBootstrap(): void {
    for (const { worker, loop } of this.#registered.values()) {
      if (this.config.workers || worker.everywhere === true) loop.start();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#registered.values()].map(end));
  }
}

async function end({ worker, loop }: Registered): Promise<void> {
  await loop.stop();
  await worker.finish?.();
}
