import type { SandboxClients } from '../../../sandbox/clients.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import { SandboxBank } from '../../../sandbox/bank.ts';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import {
  SandboxTpp,
  type InitiationJson,
  type IssuedToken,
  type PushedConsent,
  type PushOptions,
} from '../../../sandbox/tpp.ts';
import type { TestDatabase } from '../database/database.ts';
import type { RawAnswer } from './exchange.ts';
import { anna, payment } from './payment.ts';
import { leavesNothing, rawParties, type RawParties } from './raw-parties.ts';
import { PayerApp } from './payer-app.ts';

/** A payment that the payer has signed and the TPP holds the token of. */
export interface SignedPayment {
  readonly pushed: PushedConsent;
  readonly token: IssuedToken;
  readonly browser: PayerBrowser;
}

/** Everything that {@link Parties} hold. */
export type ConnectedParties = Pick<Parties, 'database' | 'tpp' | 'bank' | 'raw' | 'app'>;

/** What the parties must know of the service, in whichever process it is. */
export interface ServiceFacts {
  readonly issuer: string;
  readonly clients: SandboxClients;
  readonly clock: Clock;
  /** Where the pretend BankID app is. */
  readonly appUrl: string;
  readonly database: TestDatabase;
}

export async function connectParties(facts: ServiceFacts): Promise<ConnectedParties> {
  const { issuer, clients, appUrl, database } = facts;
  return {
    database,
    tpp: await SandboxTpp.connect(issuer, clients.tpp),
    bank: await SandboxBank.connect(issuer, clients.bank),
    raw: await rawParties(facts),
    app: new PayerApp(appUrl, database),
  };
}

/** All parties to a payment but the service: TPP, bank, and the payer's browser and app. */
export class Parties {
  readonly database: TestDatabase;
  /** By openid-client, which is always right. */
  readonly tpp: SandboxTpp;
  readonly bank: SandboxBank;
  /** By hand, right or wrong. */
  readonly raw: RawParties;
  readonly app: PayerApp;

  constructor({ database, tpp, bank, raw, app }: ConnectedParties) {
    this.database = database;
    this.tpp = tpp;
    this.bank = bank;
    this.raw = raw;
    this.app = app;
  }

  /** Runs a request that must be refused with a 4xx, and proves that it created nothing. */
  refused(request: () => Promise<RawAnswer>): Promise<RawAnswer> {
    return leavesNothing(this.database, request);
  }

  /** Pushes a consent to the first bank; bound to Anna unless told otherwise. */
  push(
    initiation: InitiationJson = payment,
    options: Partial<PushOptions> = { personalNumber: anna },
  ): Promise<PushedConsent> {
    return this.tpp.push(initiation, { resource: this.bank.party.client.resource ?? '', ...options });
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

  /** From push to the page that shows the way back. */
  async authorisedPayment(
    initiation: InitiationJson = payment,
    options?: Partial<PushOptions>,
  ): Promise<Omit<SignedPayment, 'token'>> {
    const pushed = await this.push(initiation, options);
    const { browser, orderId } = await this.openInApp(pushed);
    const signed = await this.app.sign(orderId, { personalNumber: options?.personalNumber ?? anna });
    if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
    await browser.waitFor('authorised');
    return { pushed, browser };
  }

  /** From push to token, without a hitch. */
  async signedPayment(initiation: InitiationJson = payment, options?: Partial<PushOptions>): Promise<SignedPayment> {
    const { pushed, browser } = await this.authorisedPayment(initiation, options);
    const returned = await browser.finish();
    return { pushed, token: await this.tpp.redeem(returned, pushed), browser };
  }
}
