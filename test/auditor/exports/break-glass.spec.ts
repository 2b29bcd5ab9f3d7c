import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandEnd } from '../../support/commands/built-command.ts';
import { runOperatorCommand } from '../../support/commands/operator-command.ts';
import { TestSystem } from '../../support/system/system.ts';

let test: TestSystem;
beforeAll(async () => {
  test = await TestSystem.start();
  await test.signedPayment();
}, 60_000);
afterAll(() => test.stop());

describe('sigill export --break-glass, as an operator runs it', () => {
  const run = (out: string, env: Readonly<Record<string, string>> = {}): Promise<CommandEnd> => {
    const period = ['--from', '2000-01-01', '--to', '2100-01-01', '--bank', 'exempelbanken'];
    return runOperatorCommand(test, ['export', ...period, '--break-glass', 'KRIS/1', '--out', out], env);
  };
  const path = (name: string): string => join(test.folder, name);

  it('writes what was signed to a file that its owner alone can read', async () => {
    const { code, stderr } = await run(path('export.zip'));
    expect(stderr).toMatch(/^Export [0-9a-f-]{36}: consents 1, /);
    expect(code).toBe(0);
    expect(readFileSync(path('export.zip')).subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect(statSync(path('export.zip')).mode & 0o777).toBe(0o600);
  });

  it('is in the log of the bank with its case before anything is written, and in no log of another', async () => {
    expect((await run(path('missing/export.zip'))).code).toBe(73);
    const { stderr } = await run(path('recorded.zip'));
    const [, exportId = ''] = /^Export ([0-9a-f-]{36})/.exec(stderr) ?? [];
    const { code, stdout } = await runOperatorCommand(test, ['audit', '--bank', 'exempelbanken', '--json']);
    const { events, findings } = JSON.parse(stdout) as {
      events: readonly Record<string, unknown>[];
      findings: unknown;
    };
    expect([code, findings, events.at(-1)]).toMatchObject([
      0,
      [],
      { type: 'export.break-glass-used', actor: expect.stringMatching(/^operator:/) as unknown },
    ]);
    expect(events.at(-1)?.['detail']).toMatchObject({ exportId, caseReference: 'KRIS/1' });
    const earlier = `select a.recorded_at < b.recorded_at as earlier from audit_event a, audit_event b
                      where a.subject = 'bank:exempelbanken' and b.subject = 'export:' || $1
                        and a.event::jsonb -> 'detail' ->> 'exportId' = $1`;
    expect(await test.database.asOwner(earlier, [exportId])).toContainEqual({ earlier: true });
    const other = await runOperatorCommand(test, ['audit', '--bank', 'provbanken']);
    expect(other).toMatchObject({ code: 66, stderr: 'this bank has no events of its own\n' });
    const text = await runOperatorCommand(test, ['audit', '--bank', 'exempelbanken']);
    expect(text.stdout).toMatch(/^bank exempelbanken; \d+ events, nothing is wrong\n/);
  });

  it('writes the same to its standard output', async () => {
    const { code, stdout, stderr } = await run('-');
    expect(stderr).toMatch(/^Export [0-9a-f-]{36}: consents 1, /);
    expect(code).toBe(0);
    expect(stdout.slice(0, 2)).toBe('PK');
    for (const name of ['/VERIFY.txt', 'index.csv', 'manifest.p7s']) expect(stdout).toContain(name);
  });

  it('says in its manifest and on its page that no one has approved it, and for which case it is', async () => {
    expect((await run(path('marked.zip'))).code).toBe(0);
    // Members are stored, not deflated.
    const zip = readFileSync(path('marked.zip'), 'utf8');
    expect(zip).toContain('"approval":null');
    expect(zip).toContain('"breakGlass":{"case":"KRIS/1"}');
    expect(zip).toContain('It was not approved. An operator of the service took it out directly, in the case KRIS/1');
    // That is how long the result of an order is kept.
    expect(zip).not.toContain('72 hours');
  });

  it('overwrites no file', async () => {
    writeFileSync(path('kept.zip'), 'kept');
    const { code, stderr } = await run(path('kept.zip'));
    expect({ code, stderr }).toEqual({ code: 73, stderr: expect.stringContaining('EEXIST') as unknown });
    expect(readFileSync(path('kept.zip'), 'utf8')).toBe('kept');
  });

  it('tells a wrong configuration from a file that cannot be written, and leaves no file behind', async () => {
    const { code, stderr } = await run(path('none.zip'), { SIGILL_ENV: 'nowhere' });
    expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringContaining('SIGILL_ENV') as unknown });
    expect(existsSync(path('none.zip'))).toBe(false);
    expect((await run(path('missing/export.zip'))).code).toBe(73);
  });
});
