import { BackchannelSigning } from '../../../src/consent/backchannel-signing.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { Ledger } from '../../support/database/ledger.ts';
import { eventually } from '../../support/eventually.ts';
import { BackchannelSteps, caller, starts, type BackchannelWay } from '../../support/parties/backchannel-steps.ts';
import { atRest, quick, TestSystem } from '../../support/system/system.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';

const ways = Object.keys(starts) as BackchannelWay[];
const elsewhere = { deviceIp: '198.51.100.4', risk: 'moderate' };

/** Takes requests and answers for them, and does nothing else. */
let serving: BackchannelSteps;
/** Asks BankID and settles. */
let working: BackchannelSigning;
let ledger: Ledger;
beforeAll(async () => {
  const world = await TestSystem.start({ ...atRest, timings: quick, simulator: { clock: systemClock } });
  serving = new BackchannelSteps(world);
  const other = await world.startInstance({ timings: quick });
  working = other.app.get(BackchannelSigning, { strict: false });
  ledger = new Ledger(world.database);
});
afterAll(() => serving.stop());

describe('a request that one instance took', () => {
  it.each(ways)('by %s is signed with the help of another, and whoever waits is woken', async (way) => {
    const begun = await serving.ask(way);
    const nonce = await serving.sign(begun);
    if (nonce !== undefined) expect(await working.recordReturn(begun.consentId, caller.id, nonce)).toBe(true);
    const { signal } = new AbortController();
    await eventually(async () => {
      const mark = serving.signing.mark();
      const { consent } = await serving.state(begun);
      if (consent.state === 'authorised') return true;
      // Nothing but a wake-up ends this wait in time.
      await serving.signing.nextState(begun.consentId, mark, { ms: 60_000, signal });
      return undefined;
    });
  });

  it('and died before BankID was asked ends, as soon as BankID can no longer have been asked', async () => {
    const begun = await serving.begin('qr');
    expect(await serving.signing.findQrFrame(begun.consentId)).toBeUndefined();
    await ledger.passSeconds(31);
    expect(await serving.until(begun, 'rejected')).toMatchObject({ reason: 'order-failed' });
    expect((await serving.events(begun)).slice(-2)).toMatchObject([
      { type: 'order.not-placed', detail: { problem: 'unanswered' } },
      { type: 'consent.rejected', detail: { reason: 'order-failed' } },
    ]);
    // What the dead process had yet to do comes too late.
    await expect(serving.signing.send(begun)).rejects.toMatchObject({ code: 'bankid.unavailable' });
    expect((await serving.state(begun)).progress).toMatchObject({ state: 'failed' });
  });

  it('and took back while it is signed is either revoked or authorised, and its order is over', async () => {
    for (let round = 0; round < 10; round += 1) {
      const begun = await serving.ask('qr');
      const id = await serving.openInApp(begun);
      const [, isCancelled] = await Promise.all([
        serving.app.sign(id).catch(() => undefined),
        (round % 2 === 0 ? serving.signing : working).cancel(begun.consentId, caller.id),
      ]);
      await serving.until(begun, isCancelled ? 'revoked' : 'authorised');
      await eventually(async () => ((await serving.app.getOrder(id)).status === 'pending' ? undefined : true));
    }
  });
});

describe('over two instances', () => {
  it('fifty returns with one nonce are one return', async () => {
    const begun = await serving.ask('app');
    const nonce = (await serving.sign(begun, elsewhere)) ?? '';
    const instances = [serving.signing, working];
    const returned = await Promise.all(
      Array.from({ length: 50 }, (_, call) => instances[call % 2]!.recordReturn(begun.consentId, caller.id, nonce)),
    );
    expect(new Set(returned)).toEqual(new Set([true]));
    await serving.until(begun, 'authorised');
    expect((await serving.events(begun)).filter(({ type }) => type === 'app.returned')).toHaveLength(1);
  });

  it('a person is asked no more often than by one', async () => {
    const payer = '198507099805' as PersonalNumber;
    const other = new BackchannelSteps(serving.world, working);
    const asked = await Promise.allSettled(
      Array.from({ length: 50 }, (_, call) => [serving, other][call % 2]!.begin('qr', { payer })),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });
});
