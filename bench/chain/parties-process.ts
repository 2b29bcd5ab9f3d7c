import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { SandboxClient } from '../../sandbox/clients.ts';
import type { Carried, Load } from './load.ts';
import { PaymentChain, type PartiesFacts } from './payment-chain.ts';

/** TPP, payer, pretend app and bank of all payments, in a process of their own: what they cost is counted for none of the others. */
const { values } = parseArgs({
  options: {
    issuer: { type: 'string', default: '' },
    app: { type: 'string', default: '' },
    tpp: { type: 'string', default: '' },
    bank: { type: 'string', default: '' },
  },
});

/** Payers do not press in step: the first begin within about as long as a payment takes. */
const SPREAD_MS = 4_000;

const facts: PartiesFacts = {
  issuer: values.issuer,
  appUrl: values.app,
  tpp: JSON.parse(values.tpp) as SandboxClient,
  bank: JSON.parse(values.bank) as SandboxClient,
};

process.on('disconnect', () => process.exit(0));
process.on('message', (load: Load) => {
  void carry(load).then((carried) => process.send?.(carried));
});
process.send?.('ready');

async function carry({ payments, inFlight }: Load): Promise<Carried> {
  const chain = await PaymentChain.open(facts);
  const latenciesMs: number[] = [];
  let left = payments;
  const work = async (_: unknown, place: number): Promise<void> => {
    await delay((SPREAD_MS * place) / inFlight);
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      await chain.pay();
      latenciesMs.push(performance.now() - begun);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: inFlight }, work));
  const seconds = (performance.now() - begun) / 1000;
  await chain.close();
  return { seconds, latenciesMs };
}
