import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../../simulator/simulator.ts';
import type { SandboxClients } from '../../../sandbox/clients.ts';
import { freePort } from '../../../sandbox/free-port.ts';
import { prepareService } from '../../../sandbox/prepare.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { Undo } from '../../../sandbox/undo.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import { createTestDatabase } from '../database/database.ts';
import { Ledger } from '../database/ledger.ts';
import { callback } from '../parties/payment.ts';
import { connectParties, Parties, type ConnectedParties } from '../parties/parties.ts';
import { sharedPkiDirectory } from './pki-directory.ts';
import { ServiceProcess } from './service-process.ts';

/**
 * The built program as it is deployed: processes of its own on one database, behind one address. Simulator and parties are in
 * the process of the test.
 */
export class ProcessSystem extends Parties {
  readonly ledger: Ledger;
  readonly instances: readonly ServiceProcess[];
  readonly balancer: Balancer;
  readonly clients: SandboxClients;
  readonly #undo: Undo;

  private constructor(parts: ConnectedParties & Pick<ProcessSystem, 'instances' | 'balancer' | 'clients'>, undo: Undo) {
    super(parts);
    this.ledger = new Ledger(parts.database);
    this.instances = parts.instances;
    this.balancer = parts.balancer;
    this.clients = parts.clients;
    this.#undo = undo;
  }

  /** @param own what of the environment is an instance's own, by its number */
  static async start(count: number, own: readonly Readonly<Record<string, string>>[] = []): Promise<ProcessSystem> {
    const undo = new Undo();
    try {
      const database = await createTestDatabase();
      undo.later(() => database.close());
      const simulator = await startSimulator({ pkiDirectory: sharedPkiDirectory });
      undo.later(() => simulator.stop());
      const port = await freePort();
      const balancer = await startBalancer(port);
      undo.later(() => balancer.stop());
      const folder = mkdtempSync(join(tmpdir(), 'sigill-faults-'));
      undo.later(() => rmSync(folder, { recursive: true, force: true }));
      const facts = {
        folder,
        port,
        metricsPort: await freePort(),
        databaseUrl: database.url,
        redirectUris: [callback],
      };
      const { env, clients, issuer } = await prepareService({ ...facts, simulator });
      const instances = await startInstances(
        Array.from({ length: count }, (_, index) => ({ ...env, ...own[index] })),
        undo,
      );
      balancer.serveBy(...instances);
      const { appUrl } = simulator;
      const parties = await connectParties({ issuer, clients, clock: systemClock, appUrl, database });
      return new ProcessSystem({ instances, balancer, clients, ...parties }, undo);
    } catch (error) {
      await undo.all();
      throw error;
    }
  }

  /** What all instances have logged. */
  get log(): string {
    return this.instances.map((instance) => instance.log).join('\n');
  }

  stop(): Promise<void> {
    return this.#undo.all();
  }
}

async function startInstances(
  environments: readonly Readonly<Record<string, string>>[],
  undo: Undo,
): Promise<readonly ServiceProcess[]> {
  const starting = environments.map(async (env) => {
    const instance = await ServiceProcess.start({ ...env, LOG_LEVEL: 'trace' });
    undo.later(() => instance.stop());
    return instance;
  });
  return Promise.all(starting);
}
