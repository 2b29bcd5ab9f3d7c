import { LogLines } from '../../support/logs/log-lines.ts';
import { PayerSteps } from '../../support/parties/payer-steps.ts';
import { bo, payment } from '../../support/parties/payment.ts';

const log = new LogLines();
let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start({ logStream: log });
}, 60_000);
afterAll(() => steps.stop());

describe('a payer who has another order at BankID', () => {
  it('reads that both were cancelled, not that BankID is not responding, and may sign either payment at once', async () => {
    const named = { login_hint: `personnummer:${bo}` };
    const first = await steps.open(payment, named);
    const second = await steps.visit(payment, named);
    const begun = log.count;
    for (const [lang, words] of [
      ['sv', 'båda avbröts'],
      ['en', 'both were cancelled'],
    ] as const) {
      await second.browser.get(`${second.browser.interactionPath}?lang=${lang}`);
      if (lang === 'sv') await second.browser.post(`${second.browser.interactionPath}/start/this`);
      const page = await second.browser.get(second.browser.interactionPath);
      expect([page.status, page.body]).toEqual([200, expect.stringContaining('data-rfa="RFA4"')]);
      expect(page.body).toContain(words);
      expect(page.body).toContain('data-view="try-again"');
      expect(page.body).not.toMatch(/BankID(?:-appen)? svarar inte|is not responding/);
    }
    const lines = await log.until((line) => line['code'] === 'bankid.already-in-progress');
    expect(lines).toMatchObject([
      { level: 'info', status: 303, reason: expect.stringContaining('already-in-progress') as string },
    ]);
    expect(log.all((line) => line['level'] === 'warn' || line['level'] === 'error' || 'err' in line, begun)).toEqual(
      [],
    );

    await first.browser.waitFor('try-again');
    await steps.sign({ ...second, ...(await steps.world.openInApp(second.pushed, second.browser)) });
    await steps.sign({ ...first, ...(await steps.world.openInApp(first.pushed, first.browser)) });
    expect(await steps.token(second)).toHaveLength(43);
    expect(await steps.token(first)).toHaveLength(43);
  });
});
