import { Agent, request } from 'undici';
import { PretendApp, type Signer } from '../../../simulator/client.ts';
import type { CompletionData } from '../../../simulator/orders/order.ts';
import type { RelyingPartyMaterial } from '../../../simulator/pki/pki.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import { MovableClock } from '../system/movable-clock.ts';
import { sharedPkiDirectory } from '../system/pki-directory.ts';

export interface Placed {
  readonly orderRef: string;
  readonly autoStartToken: string;
  readonly qrStartToken: string;
  readonly qrStartSecret: string;
}

/** Whatever members an answer of the RP API may have. */
export interface Answer {
  readonly status: number;
  readonly body: Placed & {
    readonly errorCode: string;
    readonly details: string;
    readonly status: string;
    readonly hintCode: string;
    readonly completionData: CompletionData;
  };
}

/** A simulator with a relying party that speaks to it as plainly as possible. */
export class Bench {
  readonly simulator: Simulator;
  readonly app: PretendApp;
  readonly clock: MovableClock;
  readonly #agent: Agent;
  readonly #secondAgent: Agent;

  private constructor(simulator: Simulator, clock: MovableClock) {
    this.simulator = simulator;
    this.clock = clock;
    this.app = new PretendApp(simulator.appUrl);
    this.#agent = agentOf(simulator.pki);
    this.#secondAgent = agentOf(simulator.secondParty);
  }

  static async start(options: SimulatorOptions = {}): Promise<Bench> {
    const clock = new MovableClock();
    clock.stopAt(new Date('2026-11-20T09:00:00Z'));
    const simulator = await startSimulator({ pkiDirectory: sharedPkiDirectory, clock, ...options });
    return new Bench(simulator, clock);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#secondAgent.destroy()]);
    await this.simulator.stop();
  }

  call(endpoint: string, body: unknown, headers: Record<string, string> = {}, method = 'POST'): Promise<Answer> {
    return this.#send(this.#agent, endpoint, body, headers, method);
  }

  /** Calls with the second RP certificate. */
  callAsSecond(endpoint: string, body: unknown): Promise<Answer> {
    return this.#send(this.#secondAgent, endpoint, body, {}, 'POST');
  }

  async #send(
    dispatcher: Agent,
    endpoint: string,
    body: unknown,
    headers: Record<string, string>,
    method: string,
  ): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await request(new URL(endpoint, this.simulator.rpUrl), {
      method: method as 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: text }),
      dispatcher,
      headersTimeout: 3000,
    });
    const received = await answer.body.text();
    return { status: answer.statusCode, body: parse(received) as Answer['body'] };
  }

  /** Places an order for a signature that must be accepted. */
  place(members: object = {}): Promise<Placed> {
    return this.placeAt('sign', { ...order, ...members });
  }

  /** Places an order at any endpoint; it must be accepted. */
  async placeAt(endpoint: string, members: object): Promise<Placed> {
    const { status, body } = await this.call(endpoint, members);
    if (status !== 200) throw new Error(`${endpoint} answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  collect(orderRef: string): Promise<Answer> {
    return this.call('collect', { orderRef });
  }

  /** Places, opens, signs and collects an order; gives its completionData. */
  async complete(members: object = {}, signer: Signer = {}): Promise<CompletionData> {
    const { orderRef, autoStartToken } = await this.place(members);
    await this.app.open(autoStartToken);
    await this.app.sign(orderRef, signer);
    return (await this.collect(orderRef)).body.completionData;
  }
}

function agentOf({ tlsRootPem, rpCertificatePem, rpKeyPem }: RelyingPartyMaterial): Agent {
  return new Agent({ connections: 8, connect: { ca: tlsRootPem, cert: rpCertificatePem, key: rpKeyPem } });
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const order = {
  endUserIp: '192.0.2.17',
  userVisibleData: base64('Jag betalar 1 250,00 SEK till Elbolaget AB.\n'),
  userNonVisibleData: base64('{"v":1}'),
} as const;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
