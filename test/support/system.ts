import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PretendApp } from '../../simulator/client.ts';
import { startSimulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { SandboxBank } from '../../sandbox/bank.ts';
import type { SandboxClient } from '../../sandbox/clients.ts';
import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { startSystem, type System } from '../../sandbox/system.ts';
import {
  SandboxTpp,
  type InitiationJson,
  type IssuedToken,
  type PushedConsent,
  type PushOptions,
} from '../../sandbox/tpp.ts';
import { Undo } from '../../sandbox/undo.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { MovableClock } from './movable-clock.ts';

const pkiDirectory = join(import.meta.dirname, '../../.sigill/test-pki');

/** Invented persons of the simulator. */
export const anna = '199001012385';
export const bo = '198506152399';

export const callback = 'http://localhost:3003/callback';

export const payment: InitiationJson = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};

export interface TestSystemOptions {
  readonly simulator?: SimulatorOptions;
  readonly env?: Readonly<Record<string, string>>;
  readonly logLevel?: string;
}

/** A payment that the payer has signed and the TPP holds the token of. */
export interface SignedPayment {
  readonly pushed: PushedConsent;
  readonly token: IssuedToken;
  readonly browser: PayerBrowser;
}

/** The whole product on a database of its own: service and simulator in this process, all parties over real HTTP. */
export class TestSystem {
  readonly clock: MovableClock;
  readonly database: TestDatabase;
  readonly system: System;
  readonly tpp: SandboxTpp;
  readonly bank: SandboxBank;
  readonly app: PretendApp;
  readonly #undo: Undo;

  private constructor(parts: Pick<TestSystem, 'clock' | 'database' | 'system' | 'tpp' | 'bank' | 'app'>, undo: Undo) {
    this.clock = parts.clock;
    this.database = parts.database;
    this.system = parts.system;
    this.tpp = parts.tpp;
    this.bank = parts.bank;
    this.app = parts.app;
    this.#undo = undo;
  }

  static async start(options: TestSystemOptions = {}): Promise<TestSystem> {
    const undo = new Undo();
    try {
      const clock = new MovableClock();
      const folder = mkdtempSync(join(tmpdir(), 'sigill-e2e-'));
      undo.later(() => rmSync(folder, { recursive: true, force: true }));
      const database = await createTestDatabase();
      undo.later(() => database.close());
      const simulator = await startSimulator({ pkiDirectory, clock, ...options.simulator });
      undo.later(() => simulator.stop());
      const system = await startSystem({
        folder,
        databaseUrl: database.url,
        redirectUris: [callback],
        simulator,
        clock,
        logLevel: options.logLevel ?? 'error',
        ...(options.env ? { env: options.env } : {}),
      });
      undo.later(() => system.stop());
      const tpp = await SandboxTpp.connect(system.issuer, system.clients.tpp);
      const bank = await SandboxBank.connect(system.issuer, system.clients.bank);
      return new TestSystem({ clock, database, system, tpp, bank, app: new PretendApp(simulator.appUrl) }, undo);
    } catch (error) {
      await undo.all();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.#undo.all();
  }

  connectTpp(client: SandboxClient): Promise<SandboxTpp> {
    return SandboxTpp.connect(this.system.issuer, client);
  }

  connectBank(client: SandboxClient): Promise<SandboxBank> {
    return SandboxBank.connect(this.system.issuer, client);
  }

  /** Pushes a consent to the first bank; bound to Anna unless told otherwise. */
  push(
    initiation: InitiationJson = payment,
    options: Partial<PushOptions> = { personalNumber: anna },
  ): Promise<PushedConsent> {
    return this.tpp.push(initiation, { resource: this.system.clients.bank.resource ?? '', ...options });
  }

  /** The payer opens the link on this device and has the order open in the pretend app. */
  async openInApp(
    pushed: PushedConsent,
    browser = new PayerBrowser(),
  ): Promise<{ browser: PayerBrowser; orderId: string }> {
    await browser.open(pushed.authorizationUrl);
    const link = new URL(await browser.startOnThisDevice());
    const order = await this.app.open(link.searchParams.get('autostarttoken') ?? '');
    return { browser, orderId: order.id };
  }

  /** From push to token, as everybody hopes it goes. */
  async signedPayment(initiation: InitiationJson = payment, options?: Partial<PushOptions>): Promise<SignedPayment> {
    const pushed = await this.push(initiation, options);
    const { browser, orderId } = await this.openInApp(pushed);
    const signed = await this.app.sign(orderId, { personalNumber: options?.personalNumber ?? anna });
    if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
    await browser.waitFor('authorised');
    const returned = await browser.finish();
    return { pushed, token: await this.tpp.redeem(returned, pushed), browser };
  }
}
