import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../sandbox/free-port.ts';
import { eventually } from '../eventually.ts';
import { keepRunLog } from '../run/run-logs.ts';

const program = fileURLToPath(new URL('../../../build/src/main.js', import.meta.url));

/** The built service as a process of its own, which can be killed at any moment and started again. */
export class ServiceProcess {
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #port = 0;
  #metricsPort = 0;
  #log = '';

  private constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /** @param env the whole environment of the process but for its ports: nothing of ours is inherited */
  static async start(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    if (!existsSync(program)) throw new Error('There is no build/: run "node bin/build.js" first ("npm test" does).');
    const service = new ServiceProcess(env);
    await service.start();
    return service;
  }

  get port(): number {
    return this.#port;
  }

  get metricsUrl(): string {
    return `http://127.0.0.1:${this.#metricsPort}/metrics`;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !isOver(this.#child);
  }

  /** Everything that all its lives have logged. */
  get log(): string {
    return this.#log;
  }

  /** Starts it (again). On other ports: another program may have taken the former ones meanwhile. */
  async start(): Promise<void> {
    [this.#port, this.#metricsPort] = [await freePort(), await freePort()];
    const env = { ...this.#env, PORT: String(this.#port), METRICS_PORT: String(this.#metricsPort) };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        keepRunLog(`process-${this.port}`, text);
      });
    }
    const logged = (): string => this.#log.slice(-2000);
    const look = async (): Promise<true | undefined> => {
      if (await this.#isLive()) return true;
      if (isOver(child))
        throw new Error(`the service ended at its start (is build/ older than src/?):
${logged()}`);
      return undefined;
    };
    await eventually(
      look,
      () => `the service does not get ready:
${logged()}`,
    );
  }

  /** kill -9: no handler runs, no transaction is finished. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Stops its world, as a pausing virtual machine does; it does not notice. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.resume();
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || isOver(child)) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async #isLive(): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}/health/live`);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
