import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAuditorCommand, type AuditorSetting } from '../../support/commands/auditor-command.ts';
import type { CommandEnd } from '../../support/commands/built-command.ts';
import { FaultyAnswers, problem } from '../../support/commands/faulty-answers.ts';
import { TestSystem } from '../../support/system/system.ts';

let test: TestSystem;
let consentId: string;
const answers = new FaultyAnswers();

beforeAll(async () => {
  test = await TestSystem.start({ modules: [answers.module] });
  ({
    token: { consentId },
  } = await test.signedPayment());
}, 60_000);
afterAll(() => test.stop());
afterEach(() => answers.expect(/(?!)/));

/** A folder of its own: what else is in it is seen. */
const folder = (): string => mkdtempSync(join(test.folder, 'auditor-'));
const sigill = (args: readonly string[], setting?: AuditorSetting): Promise<CommandEnd> =>
  startAuditorCommand(test, args, setting).ended;

describe('a paper of a consent whose evidence the service gives out', () => {
  const trust = (): readonly string[] => [
    ...['--trust-unpinned', join(test.folder, 'service', 'bankid-signature-root.pem')],
    ...['--purpose', 'dispute'],
  ];

  it.each(['receipt', 'case'])('is written as of its file, and its reading is recorded: %s', async (paper) => {
    const at = folder();
    const out = join(at, 'paper.pdf');
    const { code, stderr } = await sigill([paper, '--consent', consentId, '--out', out, ...trust()]);
    expect([code, stderr, readdirSync(at)]).toEqual([0, '', ['paper.pdf']]);
    expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-');
    const events = await test.database.asOwner(
      `select event::jsonb -> 'detail' ->> 'purpose' as purpose, event::jsonb ->> 'actor' as actor from audit_event
        where subject like '%' || $1 order by seq desc limit 1`,
      [consentId],
    );
    expect(events).toEqual([{ purpose: 'dispute', actor: test.system.clients.auditor.id }]);
  });

  it('waits for the ledger, and takes the evidence itself where the installation seals nothing', async () => {
    const later = problem(503, { code: 'ledger.unavailable' }, { 'retry-after': '1' });
    answers.expect(/^\/evidence\//, later, problem(406, { code: 'evidence.no-bundle' }));
    const out = join(folder(), 'paper.pdf');
    expect(await sigill(['receipt', '--consent', consentId, '--out', out, ...trust()])).toMatchObject({ code: 0 });
    expect([answers.asked.length, existsSync(out)]).toEqual([3, true]);
  });

  it('is not written without a purpose, of a foreign consent, nor of two evidences', async () => {
    const out = join(folder(), 'paper.pdf');
    const args = ['case', '--consent', consentId, '--out', out];
    const client = test.system.clients.otherAuditor;
    const refused = [
      await sigill(args),
      await sigill([...args, ...trust()], { client }),
      await sigill([...args, 'a.zip']),
    ];
    expect(refused.map(({ code }) => code)).toEqual([64, 66, 64]);
    expect(refused.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('--purpose is missing'),
      expect.stringMatching(/^sigill: .*\(evidence\.not-found, request /),
      expect.stringContaining('a paper is of one evidence'),
    ]);
    expect(existsSync(out)).toBe(false);
  });
});
