import type { SignOrders } from '../bankid-sign/sign-orders.ts';
import { Metrics } from '../operations/metrics.ts';
import type { Workers } from '../operations/workers.ts';
import { SettlementLoop } from './settlement-loop.ts';

type OnAnswered = (subject: string | undefined) => void;

/** How often the loop of logins is woken, and what says that there is an answer. */
function loop(): { readonly answered: OnAnswered; readonly woken: () => number } {
  const heard: OnAnswered[] = [];
  let woken = 0;
  const orders = { onAnswered: (wake: OnAnswered) => heard.push(wake) } as unknown as SignOrders;
  const workers = {
    add: () => () => {
      woken += 1;
    },
  } as unknown as Workers;
  const settling = { purpose: 'login', subjects: 'login:', name: 'login-settler', maxInHand: 2 } as const;
  new SettlementLoop(orders, new Metrics(), workers, { ...settling, settle: () => Promise.resolve() });
  return { answered: (subject) => heard.forEach((wake) => wake(subject)), woken: () => woken };
}

describe('the loop that settles answers of one purpose', () => {
  it('is woken by its own, and by one of which it is not said whose it is', () => {
    const { answered, woken } = loop();
    answered('login:shop:5f0c9a52-8f0e-4a8e-9d3f-0a1b2c3d4e5f');
    answered(undefined);
    expect(woken()).toBe(2);
  });

  it('sleeps through those of others', () => {
    const { answered, woken } = loop();
    answered('consent:bank:5f0c9a52-8f0e-4a8e-9d3f-0a1b2c3d4e5f');
    expect(woken()).toBe(0);
  });
});
