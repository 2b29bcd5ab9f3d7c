import { randomUUID } from 'node:crypto';
import { AuditReading } from '../../../src/compliance/audit-reading.ts';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import type { System } from '../../../sandbox/system.ts';
import { BackchannelClient, type Requested } from '../parties/backchannel-client.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { anna, payment } from '../parties/payment.ts';
import { RawClient } from '../parties/raw-client.ts';
import { eventually } from '../eventually.ts';
import { quick, TestSystem, type TestSystemOptions } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';

/** For anybody: BankID lets no person have two orders at once. */
export const ANYBODY = { login_hint: undefined } as const;

/** From a backchannel request to the consumption: a TPP without a browser, and the payer's app. */
export class BackchannelSteps extends SystemSteps {
  readonly tpp: BackchannelClient;

  private constructor(world: TestSystem, tpp: BackchannelClient) {
    super(world);
    this.tpp = tpp;
  }

  static async start(options: TestSystemOptions = {}): Promise<BackchannelSteps> {
    return BackchannelSteps.in(await TestSystem.start({ timings: quick, ...options }));
  }

  /** On a system that others use too. */
  static async in(world: TestSystem): Promise<BackchannelSteps> {
    return new BackchannelSteps(world, await connect(world, world.system.clients.appTpp));
  }

  /** Another client of the backchannel, or the same at another instance. */
  connect(client: SandboxClient, instance: System = this.world.system): Promise<BackchannelClient> {
    return connect(this.world, client, instance);
  }

  async stateOf(requested: Requested): Promise<string> {
    return String((await this.tpp.call(requested, 'GET')).body['state']);
  }

  async until(requested: Requested, state: string): Promise<void> {
    await eventually(async () => ((await this.stateOf(requested)) === state ? true : undefined));
  }

  /** The TPP's app opens BankID by the link of now. @returns the order in the payer's app */
  async launch(requested: Requested): Promise<string> {
    const { status, body } = await this.tpp.call(requested, 'POST', '/launch');
    if (status !== 200) throw new Error(`no link: ${status} ${JSON.stringify(body)}`);
    const link = new URL(String(body['url']));
    return (await this.world.app.open(link.searchParams.get('autostarttoken') ?? '')).id;
  }

  /** The payer scans the code that the TPP shows. @returns the order in the payer's app */
  async scan(requested: Requested): Promise<string> {
    const { status, text } = await this.tpp.call(requested, 'GET', '/qr');
    if (status !== 200) throw new Error(`no QR code: ${status} ${text}`);
    return (await this.world.app.scan(text)).id;
  }

  /** The payer signs. @returns the nonce of the address that BankID opens, if it opens one */
  async sign(orderId: string): Promise<string> {
    const { returnUrl } = await this.world.app.sign(orderId, { personalNumber: anna });
    return returnUrl === undefined ? '' : (new URL(returnUrl).searchParams.get('sigill_nonce') ?? '');
  }

  /** A payment by QR code that was requested and signed. */
  async authorised(changes: Readonly<Record<string, unknown>> = ANYBODY): Promise<Requested> {
    const requested = await this.tpp.request(changes);
    await this.sign(await this.scan(requested));
    await this.until(requested, 'done');
    return requested;
  }

  /** The answer of the bank that consumes the payment. */
  async consume({ consentId }: Requested, { body }: RawAnswer): Promise<number> {
    const use = { payment, personalNumber: anna, paymentReference: randomUUID() };
    return (await this.world.bank.consume(consentId, { ...use, accessToken: String(body['access_token']) })).status;
  }

  async count(table: string, where = 'true'): Promise<number> {
    const [row] = await this.database.asOwner(`select count(*)::int as n from ${table} where ${where}`);
    return Number(row?.['n']);
  }

  /** What the audit chains lack that the rows require, or have that the rows contradict. */
  async auditFindings(): Promise<readonly unknown[]> {
    return (await this.get(AuditReading).verify()).findings;
  }

  advance(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }
}

async function connect(
  world: TestSystem,
  client: SandboxClient,
  instance: System = world.system,
): Promise<BackchannelClient> {
  return BackchannelClient.create(await RawClient.create(client, instance.issuer, world.clock), client);
}
