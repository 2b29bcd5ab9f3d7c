import { randomUUID } from 'node:crypto';
import { freePort } from '../../sandbox/free-port.ts';
import type { AuditReport, ConsentTimeline } from '../../src/compliance/audit-reading.ts';
import type { CommandEnd } from '../support/commands/built-command.ts';
import { runOperatorCommand } from '../support/commands/operator-command.ts';
import { anna, payment, TestSystem } from '../support/system/system.ts';
import { tamper } from '../support/database/tamper.ts';

let world: TestSystem;
let consentId: string;
/** The consent's timeline for people, and as JSON. */
let shown: CommandEnd;
let document: CommandEnd;
beforeAll(async () => {
  world = await TestSystem.start();
  const { token } = await world.signedPayment();
  ({ consentId } = token);
  const use = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: `ref ${anna}` };
  expect((await world.bank.consume(consentId, use)).status).toBe(200);
  await world.push();
  shown = await audit(consentId);
  document = await audit(consentId, '--json');
}, 120_000);
afterAll(() => world.stop());

const audit = (...args: readonly string[]): Promise<CommandEnd> => runOperatorCommand(world, ['audit', ...args]);
const json = ({ stdout }: CommandEnd): unknown => JSON.parse(stdout);

describe('sigill audit CONSENT', () => {
  it('shows what happened, when, by whom, in which request, and says that nothing is wrong', () => {
    const { code, stdout } = shown;
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`consent ${consentId}: consumed; ${lines.length - 1} events, nothing is wrong`);
    const types = lines.slice(1).map((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}(\S+)/.exec(line)?.[1]);
    expect([types[0], types.at(-1)]).toEqual(['consent.pushed', 'consent.consumed']);
    expect(lines[1]).toContain(`request.client=${world.system.clients.tpp.id}`);
    expect(code).toBe(0);
  });

  it('repeats no personal number, not even one that a bank wrote into its payment reference', () => {
    for (const { stdout } of [shown, document]) {
      expect(stdout).not.toContain(anna);
      expect(stdout).toContain('paymentReferenceHash');
    }
  });

  it('gives the same as one JSON document, with the hash of each event', async () => {
    const timeline = json(document) as ConsentTimeline;
    expect(timeline).toMatchObject({ consentId, state: 'consumed', findings: [] });
    const [row] = await world.database.asOwner(
      `select encode(hash, 'hex') as hash from audit_event where subject = $1 and type = 'consent.consumed'`,
      [timeline.subject],
    );
    expect(timeline.events.at(-1)).toMatchObject({
      type: 'consent.consumed',
      actor: world.system.clients.bank.id,
      request: { client: world.system.clients.bank.id, address: '127.0.0.1' },
      hash: row?.['hash'],
    });
  });

  it('ends with 66 where there is no such consent', async () => {
    expect(await audit(randomUUID())).toMatchObject({ code: 66, stdout: '' });
  });
});

describe('sigill audit --verify', () => {
  it('reads every chain and every consent, and finds nothing wrong', async () => {
    const { code, stdout } = await audit('--verify');
    expect(stdout).toMatch(/^\d+ events in \d+ chains, 2 consents, 0 logins: nothing is wrong\n$/);
    expect(code).toBe(0);
  });

  it('reads only what happened in the period', async () => {
    const before = json(await audit('--verify', '--from', '2000-01-01', '--to', '2001-01-01', '--json')) as AuditReport;
    expect(before).toEqual({ chains: 0, events: 0, consents: 0, logins: 0, findings: [] });
    const now = json(await audit('--verify', '--from', '2000-01-01', '--to', '2100-01-01', '--json')) as AuditReport;
    expect(now).toMatchObject({ consents: 2, findings: [] });
  });

  it('ends with 64 when it is used wrongly', async () => {
    for (const args of [['17'], ['--verify', '--frm', 'x']])
      expect(await audit(...args)).toMatchObject({ code: 64, stdout: '' });
  });

  it('ends with 78 where the configuration is not whole, and with 69 where the database does not answer', async () => {
    const elsewhere = `postgresql://sigill@127.0.0.1:${await freePort()}/none`;
    const run = (env: Record<string, string>) => runOperatorCommand(world, ['audit', '--verify'], env);
    expect(await run({ DATABASE_URL: '' })).toMatchObject({ code: 78, stdout: '' });
    expect(await run({ DATABASE_URL: elsewhere })).toMatchObject({ code: 69, stdout: '' });
  });

  it('ends with 1 and names what is wrong, in words and as JSON', async () => {
    await tamper(
      world.database,
      'audit_event',
      `update audit_event set event = replace(event, 'consent.consumed', 'consent.read') where type = 'consent.consumed'`,
    );
    const { code, stdout } = await audit('--verify');
    const subject = `consent:${world.system.clients.bank.id}:${consentId}`;
    expect(code).toBe(1);
    expect(stdout).toContain('2 things are wrong');
    expect(stdout).toMatch(new RegExp(`^link-edited ${subject} \\d+: `, 'm'));
    expect(stdout).toMatch(new RegExp(`^event-missing ${subject} consent.consumed: `, 'm'));
    const one = await audit(consentId, '--json');
    expect(one.code).toBe(1);
    expect((json(one) as ConsentTimeline).findings.map((finding) => finding.code)).toEqual([
      'link-edited',
      'event-missing',
    ]);
  });
});

describe('sigill reverify', () => {
  it('verifies the audit trail of its period too', async () => {
    const period = ['--from', '2000-01-01', '--to', '2100-01-01'];
    const { code, stdout } = await runOperatorCommand(world, ['reverify', ...period]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^1 verified again, 0 with another verdict, 0 damaged/);
    expect(stdout).toMatch(/^Audit trail: .*: 2 things are wrong\nlink-edited /m);
  });
});
