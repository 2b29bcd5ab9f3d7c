import { parseArgs } from 'node:util';
import type { SandboxClient } from '../../sandbox/clients.ts';
import { PaymentChain } from '../chain/payment-chain.ts';
import { watchRequests } from './route-times.ts';
import type { Timed, Work } from './work.ts';

/** TPP, payer, pretend app and bank of all payments, in a process of their own, with the times of every request to the service. */
const { values } = parseArgs({
  options: {
    issuer: { type: 'string', default: '' },
    app: { type: 'string', default: '' },
    tpp: { type: 'string', default: '' },
    bank: { type: 'string', default: '' },
  },
});

const routes = watchRequests(values.issuer);
const facts = {
  issuer: values.issuer,
  appUrl: values.app,
  tpp: JSON.parse(values.tpp) as SandboxClient,
  bank: JSON.parse(values.bank) as SandboxClient,
};

process.on('disconnect', () => process.exit(0));
process.on('message', (work: Work) => {
  void carry(work).then((timed) => process.send?.(timed));
});
process.send?.('ready');

async function carry({ payments, inFlight }: Work): Promise<Timed> {
  const chain = await PaymentChain.open(facts);
  routes.clear();
  let left = payments;
  const begun = performance.now();
  const worker = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await chain.pay();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - begun) / 1000;
  await chain.close();
  return { seconds, routes: [...routes] };
}
