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

  it('is complete too where erased and lost evidence is all that it omits, and not where other evidence is', async () => {
    const log = new SmallLog();
    const gone = await exportOf(all, { numbered: { log, omitted: ['erased', 'lost', 'lost'] } });
    const kept = ['--checkpoint', reader.file('gone', (await log.head()).note)];
    expect((await reader.verify(gone, ...kept)).complete).toMatchObject({
      state: 'proved',
      omitted: { erased: 1, lost: 2 },
    });
    expect(await reader.textOf(gone, 'en', ...kept)).toContain(
      '3 exported, 1 erased at the end of retention, 2 lost\n',
    );
    const other = new SmallLog();
    const files = await exportOf(all, { numbered: { log: other, omitted: ['erased', 'outside-period'] } });
    const answer = await reader.verify(files, '--checkpoint', reader.file('other', (await other.head()).note));
    expect(answer.code).toBe(0);
    expect(answer.complete).toMatchObject({ state: 'exporters-word', because: ['omitted'] });
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
