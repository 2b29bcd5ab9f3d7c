import { setTimeout as delay } from 'node:timers/promises';
import type { LoadResult, Command, Load, Paced } from './load.ts';
import { readFacts } from './parties-facts.ts';
import { watchRequests } from './route-times.ts';
import { PaymentChain, type Opened, type Signed } from './payment-chain.ts';

// TPP, payer, pretend app and bank of all payments, in a process of their own, so that no other process is charged for them.

/** Payers do not press in step: the first ones begin spread over about the time that a payment takes. */
const SPREAD_MS = 4_000;
/** As long as the time between two collects, so that a payer signs at any moment between them. */
const MAX_THINK_MS = 2_000;
/** Payments that are opened at the same time. */
const OPENING = 8;

type Measured = Omit<LoadResult, 'seconds' | 'routes'>;

const facts = readFacts();
const routes = watchRequests(facts.issuer);

process.on('disconnect', () => process.exit(0));
process.on('message', (command: Command) => {
  void run(command).then((result) => process.send?.(result));
});
process.send?.('ready');

let opened: readonly Opened[] = [];
let signed: readonly Signed[] = [];

async function run(command: Command): Promise<LoadResult> {
  const chain = await PaymentChain.open(facts);
  routes.clear();
  const begun = performance.now();
  const measured = await carryOut(chain, command);
  const seconds = (performance.now() - begun) / 1000;
  await chain.close();
  return { seconds, routes: [...routes], ...measured };
}

async function carryOut(chain: PaymentChain, command: Command): Promise<Measured> {
  if (command === 'sign') signed = await Promise.all(opened.map((one) => chain.sign(one)));
  else if (command === 'await') return { latenciesMs: [], signedToPageMs: await untilAllAuthorised(chain) };
  else if ('open' in command) opened = await openMany(chain, command.open);
  else return 'inFlight' in command ? payTogether(chain, command) : payInTime(chain, command);
  return { latenciesMs: [], signedToPageMs: [] };
}

function untilAllAuthorised(chain: PaymentChain): Promise<number[]> {
  return Promise.all(signed.map((one) => chain.untilAuthorised(one)));
}

async function openMany(chain: PaymentChain, count: number): Promise<readonly Opened[]> {
  const made: Opened[] = [];
  const work = async (): Promise<void> => {
    while (made.length + OPENING <= count) made.push(await chain.open());
  };
  await Promise.all(Array.from({ length: OPENING }, work));
  while (made.length < count) made.push(await chain.open());
  return made;
}

async function payTogether(chain: PaymentChain, { payments, inFlight }: Load): Promise<Measured> {
  const measured = { latenciesMs: [] as number[], signedToPageMs: [] as number[] };
  let left = payments;
  const work = async (_: unknown, place: number): Promise<void> => {
    await delay((SPREAD_MS * place) / inFlight);
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      measured.signedToPageMs.push(await chain.pay());
      measured.latenciesMs.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return measured;
}

async function payInTime(chain: PaymentChain, { payments, perSecond }: Paced): Promise<Measured> {
  const measured = { latenciesMs: [] as number[], signedToPageMs: [] as number[] };
  const pay = async (_: unknown, place: number): Promise<void> => {
    await delay((place * 1000) / perSecond);
    const begun = performance.now();
    const thinkMs = Math.random() * MAX_THINK_MS;
    measured.signedToPageMs.push(await chain.pay(thinkMs));
    measured.latenciesMs.push(performance.now() - begun - thinkMs);
  };
  await Promise.all(Array.from({ length: payments }, pay));
  return measured;
}
