import { setTimeout as delay } from 'node:timers/promises';
import { readFacts } from '../chain/parties-facts.ts';
import { PaymentChain } from '../chain/payment-chain.ts';
import { newPkce } from '../token/client-keys.ts';
import type { Arrived, PayersCommand, Watched } from './commands.ts';
import { WatchingPayer, type FirstPage, type Observer } from './watching-payer.ts';

// Many payers in front of their QR codes, in a process of their own, so that the service is not charged for them.

/** Each frame is to come before the next one is due. */
const FRAME_MS = 1_000;

const facts = readFacts();

/** What the payers have seen since the last time it was asked for. */
class Seen implements Observer {
  readonly #refused = new Map<string, number>();
  #framesMs: number[] = [];
  #dropped = 0;
  #statusAnswers = 0;
  /** By the reason. They stay lost. */
  readonly #lost = new Map<string, number>();

  frame(ms: number, status: number, isNew: boolean): void {
    this.#framesMs.push(ms);
    if (status !== 200 || !isNew || ms > FRAME_MS) this.#dropped += 1;
    this.#countRefused('qr', status);
  }

  status(status: number): void {
    this.#statusAnswers += 1;
    this.#countRefused('status', status);
  }

  lost(why: string): void {
    addOne(this.#lost, why);
  }

  take(): Watched {
    const refused = Object.fromEntries(this.#refused);
    const taken = { framesMs: this.#framesMs, dropped: this.#dropped, refused, statusAnswers: this.#statusAnswers };
    this.#framesMs = [];
    this.#refused.clear();
    this.#dropped = 0;
    this.#statusAnswers = 0;
    return { ...taken, lost: Object.fromEntries(this.#lost) };
  }

  #countRefused(what: string, status: number): void {
    if (status !== 200) addOne(this.#refused, `${what} ${status}`);
  }
}

function addOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const seen = new Seen();

process.on('disconnect', () => process.exit(0));
process.on('message', (command: PayersCommand) => {
  void run(command).then((answer) => process.send?.(answer));
});
process.send?.('ready');

function run(command: PayersCommand): Promise<Arrived | Watched> {
  return command.do === 'arrive' ? arrive(command.count, command.perSecond) : watch(command.seconds);
}

async function arrive(count: number, perSecond: number): Promise<Arrived> {
  const chain = await PaymentChain.open(facts);
  const one = async (_: unknown, at: number): Promise<FirstPage> => {
    await delay((at * 1000) / perSecond);
    const payer = new WatchingPayer(seen);
    const first = await payer.arrive(await chain.push(newPkce().challenge));
    void payer.watch();
    return first;
  };
  const pages = await Promise.all(Array.from({ length: count }, one));
  await chain.close();
  return {
    firstBytesMs: pages.map(({ firstByteMs }) => firstByteMs),
    bytesFirstPage: Math.max(...pages.map(({ bytes }) => bytes)),
  };
}

async function watch(seconds: number): Promise<Watched> {
  seen.take();
  await delay(seconds * 1000);
  return seen.take();
}
