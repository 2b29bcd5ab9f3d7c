import { Figures, figuresCsv, figuresText, parseHalfYear } from '../../../src/compliance/figures.ts';
import { runOperatorCommand } from '../../support/commands/operator-command.ts';
import { BankSteps } from '../../support/parties/bank-steps.ts';
import { anna, payment } from '../../support/system/system.ts';

const euro = { ...payment, instructedAmount: { currency: 'EUR', amount: '10.50' } };

describe('figures of a bank', () => {
  let steps: BankSteps;
  let from: Date;
  beforeAll(async () => {
    steps = await BankSteps.start();
    from = steps.payer.world.clock.now();
    const [executed, again, failed, revoked] = [
      await steps.entitled(),
      await steps.entitled(euro),
      await steps.entitled(),
      await steps.entitled(),
    ];
    await steps.consume(executed, steps.consumption(executed, 'one'));
    await steps.report(executed, { execution: 'executed' });
    await steps.consume(again, steps.consumption(again, 'two', { payment: euro }));
    await steps.report(again, { execution: 'executed' });
    await steps.consume(failed, steps.consumption(failed, 'three'));
    await steps.report(failed, { execution: 'failed', reason: 'no-funds' });
    await steps.revoke(revoked, steps.parties.bank);
  }, 120_000);
  afterAll(() => steps.stop());

  const figures = (period: { from: Date; to: Date }, bank = 'exempelbanken') =>
    steps.payer.world.system.app.get(Figures, { strict: false }).ofBank(bank, period);
  const all = () => ({ from, to: new Date(steps.payer.world.clock.now().getTime() + 60_000) });

  it('count and sum what was executed, by TPP, channel, currency and half-year, with the amounts that were signed', async () => {
    const { executions } = await figures(all());
    const half = executions[0]?.halfYear;
    const common = { halfYear: half, tpp: 'exempelbetal', way: 'browser', callInitiator: undefined };
    expect(half).toMatch(/^20\d\d-H[12]$/);
    const { amount } = payment.instructedAmount as { amount: string };
    expect(executions).toEqual([
      { ...common, currency: 'EUR', execution: 'executed', count: 1, sum: '10.50' },
      { ...common, currency: 'SEK', execution: 'executed', count: 1, sum: amount },
      { ...common, currency: 'SEK', execution: 'failed', count: 1, sum: amount },
    ]);
  });

  it('count what became of all that was asked for, with the reason', async () => {
    const { states } = await figures(all());
    expect(states.map(({ currency, state, reason, count }) => [currency, state, reason, count])).toEqual([
      ['EUR', 'consumed', undefined, 1],
      ['SEK', 'consumed', undefined, 2],
      ['SEK', 'revoked', 'bank', 1],
    ]);
  });

  it('are of the period and the bank that are named alone', async () => {
    expect(await figures({ from: new Date(0), to: from })).toMatchObject({ executions: [], states: [] });
    expect(await figures(all(), 'provbanken')).toMatchObject({ executions: [], states: [] });
  });

  it('say in each form what they are good for and what they lack, and name no person', async () => {
    const made = await figures(all());
    const text = figuresText(made);
    for (const words of [
      'data breakdown H',
      'fraudulent transactions and their types',
      'executed  1  10.50 EUR',
      'revoked (bank)',
    ])
      expect(text).toContain(words);
    const [header, ...lines] = figuresCsv(made).trimEnd().split('\r\n');
    expect(header).toBe('kind,half_year,bank,tpp,channel,call_initiator,state_or_execution,reason,currency,count,sum');
    expect(lines).toHaveLength(6);
    expect(lines).toContainEqual(
      expect.stringMatching(/^state,20\d\d-H[12],exempelbanken,exempelbetal,browser,,revoked,bank,SEK,1,/),
    );
    for (const form of [text, lines.join(), JSON.stringify(made)]) {
      expect(form).not.toContain(anna);
      expect(form).not.toContain('Andersson');
    }
    const [first] = made.executions;
    const erased = { ...made, states: [], executions: [{ ...first!, currency: undefined, sum: undefined }] };
    expect(figuresText(erased)).toContain('executed  1  amounts erased');
  });

  it('are printed by a command, which refuses what it does not understand', async () => {
    const run = (...args: readonly string[]) => runOperatorCommand(steps.payer.world, ['figures', ...args]);
    const period = ['--from', '2000-01-01', '--to', '2100-01-01'];
    const { code, stdout } = await run('--bank', 'exempelbanken', ...period, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ bank: 'exempelbanken', executions: expect.any(Array) as unknown });
    expect(await run('--bank', 'exempelbetal', ...period)).toMatchObject({ code: 64, stdout: '' });
    expect(await run('--bank', 'exempelbanken', '--half-year', '2026-H3')).toMatchObject({ code: 64, stdout: '' });
  }, 120_000);

  it('know a half-year as Sweden does', () => {
    expect(parseHalfYear('2026-H1')).toEqual({
      from: new Date('2025-12-31T23:00:00Z'),
      to: new Date('2026-06-30T22:00:00Z'),
    });
    expect(parseHalfYear('2026-H2')).toEqual({
      from: new Date('2026-06-30T22:00:00Z'),
      to: new Date('2026-12-31T23:00:00Z'),
    });
    for (const text of ['2026-H0', '2026', 'H1', '2026-H12']) expect(() => parseHalfYear(text)).toThrow('2026-H2');
  });
});
