import type { BoundInteraction } from '../../../src/consent/consent.ts';
import { OrderSettler } from '../../../src/consent/settlement/order-settler.ts';
import { Workers } from '../../../src/operations/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { ConsentSteps } from '../../support/parties/consent-steps.ts';

let steps: ConsentSteps;

beforeAll(async () => {
  steps = await ConsentSteps.start();
});
afterAll(() => steps.stop());

async function sign(bound: BoundInteraction): Promise<void> {
  await steps.app.sign(await steps.scan(bound), {});
}

async function stateOf(bound: BoundInteraction): Promise<string> {
  return (await steps.reload(bound)).consent.state;
}

describe('a signature whose settlement takes long', () => {
  it('delays none of those that came after it, and is waited for when the service stops', async () => {
    const settler = steps.get(OrderSettler);
    const settle = settler.settle.bind(settler);
    const slow = await steps.pushBound();
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<undefined>();
    const { promise: hasBegun, resolve: begun } = Promise.withResolvers<undefined>();
    settler.settle = async (order) => {
      if (order.group !== slow.consent.consentId) return settle(order);
      begun(undefined);
      await mayGoOn;
      return settle(order);
    };
    await sign(slow);
    await hasBegun;
    const others = await Promise.all(Array.from({ length: 5 }, () => steps.pushBound()));
    await Promise.all(others.map(sign));
    for (const other of others)
      await eventually(async () => ((await stateOf(other)) === 'authorised' ? true : undefined));
    expect(await stateOf(slow)).toBe('awaiting-authorisation');
    const stopped = steps.get(Workers).stop('settler');
    goOn(undefined);
    await stopped;
    expect(await stateOf(slow)).toBe('authorised');
  });
});
