import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { WorkerLoop, type Repeated } from './workers/worker-loop.ts';

/** A job that an instance does again and again, under a name of its own. */
export interface Worker extends Repeated {
  /** Waits for what its last run has begun and left to go on. */
  readonly finish?: () => Promise<void>;
  /** Whether it runs also where the configuration has no workers: it watches this process, and does none of the shared work. */
  readonly everywhere?: boolean;
}

interface Registered {
  readonly worker: Worker;
  readonly loop: WorkerLoop;
}

/**
 * All workers of an instance, and their one life: they start together when the application has been put together, and the
 * application ends when nothing of them runs any more.
 */
@Injectable()
export class Workers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #registered = new Map<string, Registered>();

  constructor(@Inject(CONFIG) private readonly config: Pick<AppConfig, 'workers'>) {}

  /**
   * To be called in a constructor: what is added later is not started.
   * @returns runs it as soon as possible; without effect while it does not run at all
   */
  add(worker: Worker): () => void {
    const { name } = worker;
    if (this.#registered.has(name)) throw new TypeError(`two workers are called ${name}`);
    const loop = new WorkerLoop(worker);
    this.#registered.set(name, { worker, loop });
    return () => loop.wake();
  }

  /** Stops one; resolves when nothing of it runs any more. */
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
