import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from 'node:http';
import { freePort } from '../../../sandbox/free-port.ts';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { startSite } from '../../../sandbox/site.ts';
import { identityOrigin, openSite } from '../../../sandbox/site/open-site.ts';
import { startAuditorCommand } from '../../support/commands/auditor-command.ts';
import type { CommandEnd } from '../../support/commands/built-command.ts';
import { TestSystem } from '../../support/system/system.ts';

/** The site has the identity providers of the banks; the persons use them without scripts. */
describe('a person who approves with sigill approve', () => {
  let test: TestSystem;
  let site: Server;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    test = await TestSystem.start({ identityOrigin: identityOrigin(url) });
    const reach = (target: string, options: object): Promise<Response> => fetch(target, options);
    site = await startSite(port, await openSite({ system: test.system, folder: test.folder, url, reach }));
    await test.signedPayment();
  }, 60_000);
  afterAll(async () => {
    site.close();
    site.closeAllConnections();
    await test.stop();
  });

  /** Runs a command; at the provider, an employee is clicked, or the login cancelled where the name is empty. */
  async function sigill(employee: string, ...args: readonly string[]): Promise<CommandEnd> {
    const { child, ended } = startAuditorCommand(test, args);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, address] = /Log in at (\S+)\n/.exec(said) ?? [];
      if (address === undefined) return;
      said = '';
      void logIn(address, employee);
    });
    return ended;
  }

  async function logIn(address: string, employee: string): Promise<void> {
    const browser = new PayerBrowser();
    const asked = await browser.get(address);
    const back = await browser.post(asked.url, { employee });
    await (await fetch(back.url)).text();
  }

  const order = (employee: string, ...more: readonly string[]): Promise<CommandEnd> =>
    sigill(
      employee,
      ...['export', '--format', 'folders', '--from', '2020-01-01T00:00:00Z', '--to', '2026-01-01T00:00:00Z'],
      ...['--purpose', 'audit', '--case', 'FI/2026-118', '--no-wait', '--no-browser', ...more],
    );
  const idIn = ({ stderr }: CommandEnd): string => /Ordered export ([0-9a-f-]{36})/.exec(stderr)?.[1] ?? '';

  it('reads what it is, and approves it by a login at the bank', async () => {
    const ordered = await order('rut');
    expect(ordered).toMatchObject({ code: 0, stdout: '' });
    const id = idIn(ordered);
    const own = await sigill('rut', 'approve', id, '--no-browser');
    expect(own).toMatchObject({ code: 77, stdout: '' });
    expect(own.stderr).toContain('approval.own-order');
    const powerless = await sigill('nils', 'approve', id, '--no-browser');
    expect([powerless.code, powerless.stderr.includes('approval.not-approver')]).toEqual([77, true]);
    const cancelled = await sigill('', 'approve', id, '--no-browser');
    expect([cancelled.code, cancelled.stderr.includes('did not log in: access_denied')]).toEqual([77, true]);
    const approved = await sigill('astrid', 'approve', id.toUpperCase(), '--no-browser', '--json');
    expect(approved.code).toBe(0);
    const said = approved.stderr.split('\n').map((line) => line.trim().split(/\s{2,}/));
    for (const row of [
      ['Export', id],
      ['Purpose', 'audit'],
      ['Case', 'FI/2026-118'],
      ['Format', 'folders'],
    ])
      expect(said).toContainEqual(row);
    expect(JSON.parse(approved.stdout)).toMatchObject({
      exportId: id,
      state: 'waiting',
      approval: { method: 'id-token' },
    });
    const again = await sigill('astrid', 'approve', id, '--no-browser');
    expect([again.code, again.stderr.includes('awaits no approval: it is ')]).toEqual([1, true]);
    const log = readFileSync(join(test.folder, 'service', 'exempelrevision.jwk.json'), 'utf8');
    expect(approved.stdout + approved.stderr).not.toContain(JSON.parse(log).d);
  });

  it('is not asked anything where the port of the redirect is none, and no other export is approved by a wrong id', async () => {
    expect(await sigill('astrid', 'approve', 'x', '--redirect-port', 'x')).toMatchObject({ code: 64 });
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(await sigill('astrid', 'approve', unknown, '--no-browser')).toMatchObject({ code: 66 });
  });
});
