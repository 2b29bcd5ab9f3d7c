import { join } from 'node:path';
import { exportOf, ONE, TWO } from '../../support/evidence/evidence-export.ts';
import { all, ExportReader } from '../../support/evidence/export-reader.ts';
import { SmallLog, someEntries } from '../../support/ledger/small-log.ts';

const reader = new ExportReader();
afterAll(() => reader.end());

describe('an export that answers for numbers of the ledger', () => {
  it('is complete by the exporter’s word, and proved by a checkpoint that its reader kept', async () => {
    const log = new SmallLog();
    const files = await exportOf(all, { numbered: { log } });
    const numbers = { first: 2, last: 4, exported: 3, omitted: {} };
    expect(await reader.verify(files, '--ledger-key', log.vkey)).toMatchObject({
      ...{ code: 0, matches: 'yes', warnings: [] },
      complete: { state: 'exporters-word', because: ['checkpoint'], ...numbers },
      ledger: { state: 'exporters-word', number: 4, size: 5, signedBy: [log.key.name] },
    });
    const kept = reader.file('kept', (await log.head()).note);
    const proved = await reader.verify(files, '--checkpoint', kept);
    expect(proved).toMatchObject({ code: 0, ledger: { state: 'proved', keptSize: 5 } });
    expect(proved.complete).toEqual({ state: 'proved', ...numbers });
    expect(await reader.textOf(files, 'en', '--checkpoint', kept)).toContain(
      'complete: proved; numbers 2 to 4 of the ledger: 3 exported\n',
    );
    expect(await reader.textOf(files, 'sv')).toContain(
      'fullständig: enligt utlämnaren; nummer 2 till 4 i liggaren: 3 exporterade; inte jämförd med en kontrollpunkt som har sparats någon annanstans\n',
    );
  });

  it('is compared with a kept checkpoint of another size by the tiles of the log', async () => {
    const log = new SmallLog();
    const files = await exportOf(all, { numbered: { log } });
    const { note } = await log.grow(...someEntries(3, 50));
    for (const [path, bytes] of log.tiles) reader.file(`tiles/${path}`, bytes);
    const kept = ['--checkpoint', reader.file('newer', note)];
    expect(await reader.verify(files, ...kept)).toMatchObject({ code: 2, ledger: { reason: 'tiles-needed' } });
    const compared = await reader.verify(files, ...kept, '--ledger', join(reader.work, 'tiles'));
    expect([compared.code, compared.complete.state]).toEqual([0, 'proved']);
  });

  it.each([
    [['erased'], ['lost', 'lost'], '3 exported, 1 erased at the end of retention, 2 lost'],
    [['lost'], [], '3 exported, 1 lost'],
    [['erased'], ['outside-period'], '3 exported, 1 erased at the end of retention, 1 outside the period'],
  ] as const)('is never proved complete where numbers are omitted as %s %s', async (one, more, said) => {
    const log = new SmallLog();
    const files = await exportOf(all, { numbered: { log, omitted: [...one, ...more] } });
    const kept = ['--checkpoint', reader.file('gone', (await log.head()).note)];
    const answer = await reader.verify(files, ...kept);
    expect([answer.code, answer.warnings]).toEqual([0, []]);
    expect(answer.complete).toMatchObject({ state: 'exporters-word', because: ['omitted'] });
    expect(await reader.textOf(files, 'en', ...kept)).toContain(
      `${said}; why numbers are omitted is not shown by the export\n`,
    );
  });

  it('is not proved complete where a folder is refused, so that it says nothing of its number', async () => {
    const log = new SmallLog();
    const damaged = new Map(all[TWO]).set('visible-text.txt', Buffer.from('something else'));
    const files = await exportOf({ ...all, [TWO]: damaged }, { numbered: { log } });
    const answer = await reader.verify(files, '--checkpoint', reader.file('damaged', (await log.head()).note));
    expect(answer.code).toBe(1);
    expect(answer.complete).toMatchObject({ state: 'exporters-word', because: ['evidence'] });
  });

  it('of another history than the kept one is refused, although all in it agrees', async () => {
    const [log, rewritten, foreign] = [
      new SmallLog(),
      new SmallLog(),
      new SmallLog(`sigill.example/ledger/${'b'.repeat(26)}`),
    ];
    await exportOf(all, { numbered: { log } });
    const fewer = { [ONE]: all[ONE]!, [TWO]: all[TWO]! };
    const files = await exportOf(fewer, { numbered: { log: rewritten, omitted: ['erased'] } });
    const kept = ['--checkpoint', reader.file('mine', (await log.head()).note)];
    expect(await reader.verify(files, ...kept)).toMatchObject({
      ...{ code: 1, warnings: [], complete: { state: 'unsound' } },
      ledger: { state: 'unsound', reason: 'split-view' },
    });
    const ofOther = await exportOf(all, { numbered: { log: foreign } });
    expect((await reader.verify(ofOther, ...kept)).ledger).toMatchObject({ reason: 'other-log' });
    expect(await reader.verify(files, '--ledger-key', log.vkey)).toMatchObject({ code: 1, ledger: { reason: 'key' } });
  });
});
