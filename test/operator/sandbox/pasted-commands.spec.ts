import type { Page } from 'playwright-core';
import { Newcomer } from '../../support/browser/newcomer.ts';
import { runOperatorCommand } from '../../support/commands/operator-command.ts';
import { describeCommands, ShellSession } from '../../support/commands/shell-session.ts';
import { anna } from '../../support/system/system.ts';

let newcomer: Newcomer;
let shell: ShellSession;
beforeAll(async () => {
  newcomer = await Newcomer.start();
  const { folder, system } = newcomer.system;
  shell = new ShellSession({ issuer: system.issuer, folder });
}, 180_000);
afterEach(() => newcomer.closePages());
afterAll(async () => {
  shell.close();
  await newcomer.stop();
});

/** What a page offers to copy, in order. */
const commandsOn = (page: Page): Promise<string[]> => page.locator('pre.command').allTextContents();

/** A person opens the address that the pasted command printed, signs, and comes back to the shop's page for other programs. */
async function signPushed(page: Page, printed: string): Promise<string> {
  const [address = ''] = /http\S+\/authorize\?\S+/.exec(printed) ?? [];
  await page.goto(address);
  await newcomer.sign(page);
  return (await commandsOn(page))[0] ?? '';
}

describeCommands('a developer who pastes what the pages of the sandbox show', () => {
  it('makes a payment by hand, and repeats each step of the bank', async () => {
    const page = await newcomer.open('/shop?lang=en', {});
    await newcomer.signFrom(page, 'form[action="/pay"]:has(input[value="coffee"])');
    const [push = ''] = await commandsOn(page);
    await page.click('main a[href^="/bank/"]');
    for (const step of ['introspect', 'consume', 'consume-again', 'report', 'verify']) {
      await page.click(`form[action$="/${step}"] button`);
    }
    const [introspect = '', consume = '', again = '', report = '', verify = ''] = await commandsOn(page);
    expect(`${push}${introspect}${consume}${again}${report}${verify}`).not.toContain(anna);

    expect(await shell.run(consume)).toContain('"state":"consumed"');
    expect(await shell.run(again)).toContain('"code":"consent.');
    expect(await shell.run(introspect)).toContain('{"active":');
    expect(await shell.run(report)).toContain('"execution":"executed"');
    expect(await shell.run(verify)).toContain('"indication":"TOTAL-PASSED"');

    const redemption = await signPushed(page, await shell.run(push));
    expect(await shell.run(redemption)).toContain('"token_type":"DPoP"');
  }, 180_000);

  it('reads what a login told the shop, and logs in by hand', async () => {
    const page = await newcomer.open('/shop?lang=en', {});
    await newcomer.signFrom(page, 'form[action="/login"]');
    const [push = '', userinfo = ''] = await commandsOn(page);
    expect(await shell.run(userinfo)).toContain('"name":"Anna Andersson"');
    const redemption = await signPushed(page, await shell.run(push));
    expect(await shell.run(redemption)).toContain('"id_token"');
  }, 180_000);

  it('verifies as auditor, reads the audit trail, and exports the evidence', async () => {
    const page = await newcomer.open('/shop?lang=en', {});
    await newcomer.signFrom(page, 'form[action="/pay"]:has(input[value="office"])');
    await page.click('main a[href^="/auditor/"]');
    await page.click('section.next button');
    const [verify = '', audit = '', exporting = ''] = await commandsOn(page);
    expect(await shell.run(verify)).toContain('"indication":"TOTAL-PASSED"');
    expect(await shell.run(exporting)).toMatch(/Export [0-9a-f-]{36}: consents 1, [^]*TOTAL-PASSED/);
    const args = audit.trim().replace('npm run -s sigill -- ', '').split(' ');
    expect(await runOperatorCommand(newcomer.system, args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('consent.authorised'),
    });
  }, 180_000);
});
