import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Agent } from 'undici';
import { freePort } from '../../../sandbox/free-port.ts';
import { openNote, formatSignature } from '../../../src/crypto/tlog/note.ts';
import { parseVerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';
import { addCheckpoint } from '../../../src/ledger/witnesses/add-checkpoint.ts';
import { buildGoTools, describeWithGo, endScript, startScript, type Running } from '../../support/go/go-tools.ts';
import { eventually } from '../../support/eventually.ts';
import { SmallLog, someEntries } from '../../support/ledger/small-log.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/ledger.md'), 'utf8');
const block = (name: string): string =>
  new RegExp(`<!-- ${name} -->\\n+\`\`\`sh\\n([^]*?)\`\`\``).exec(document)?.[1] ?? `exit 1 # no block ${name}`;

describeWithGo('a stock witness that is set up as docs/ledger.md says', () => {
  const log = new SmallLog('ledger.example/ledger/abc');
  const agent = new Agent();
  let tools: string;
  let folder: string;
  let witness: Running | undefined;

  beforeAll(() => {
    tools = buildGoTools();
    folder = mkdtempSync(join(tmpdir(), 'sigill-witness-'));
  });
  afterAll(async () => {
    if (witness) await endScript(witness);
    await agent.close();
    for (const each of [tools, folder]) rmSync(each, { recursive: true });
  });

  const env = (): Readonly<Record<string, string>> => ({
    PATH: [tools, process.env['PATH'] ?? ''].join(delimiter),
    ORIGIN: log.key.name,
    KEY: log.vkey,
  });
  /** The same programs are built from the pinned modules. */
  const once = block('once').replace(
    /^go install filippo\.io\/torchwood\/.*@v0\.6\.1$/m,
    'litewitness -h 2>&1 | grep -q ssh-agent',
  );

  it('cosigns a head and the one that continues it, and no other', async () => {
    expect(once).not.toContain('go install');
    for (const script of [once, block('log')])
      expect(spawnSync('sh', ['-eu', '-c', script], { cwd: folder, env: { ...process.env, ...env() } }).status).toBe(0);
    const address = `localhost:${await freePort()}`;
    witness = startScript(block('serve').replace('localhost:7380', address), folder, env());
    const [, key = ''] = await witness.said(/vkey=(\S+)/);
    await witness.said(/listening/);
    await eventually(() => fetch(`http://${address}/`).catch(() => undefined));
    const registered = { url: `http://${address}`, key: parseVerifierKey(key) };
    expect(registered.key).toMatchObject({ kind: 'cosignature', name: 'witness.exempelbanken.example/w1' });

    const first = await log.grow(...someEntries(300));
    const second = await log.grow(...someEntries(7, 300));
    for (const [head, known] of [
      [first, 0],
      [second, 0],
    ] as const) {
      const line = formatSignature(await addCheckpoint(registered, head, known, agent));
      expect(openNote(Buffer.from(head.note + line), [log.key, registered.key]).verified).toHaveLength(2);
    }
    await expect(addCheckpoint(registered, first, 0, agent)).rejects.toThrow('ahead');
    const other = new SmallLog(log.key.name);
    Object.assign(other, { key: log.key, sign: log.sign });
    const forged = await other.grow(...someEntries(307, 1));
    // It answers 422 to another root of the same size, where tlog-witness demands 409.
    await expect(addCheckpoint(registered, forged, 307, agent)).rejects.toThrow('inconsistent');
    const longer = await other.grow(...someEntries(1));
    await expect(addCheckpoint(registered, longer, 307, agent)).rejects.toThrow('inconsistent');
    const stranger = await new SmallLog(log.key.name).grow(...someEntries(1));
    await expect(addCheckpoint(registered, stranger, 0, agent)).rejects.toThrow('unknown-key');
    const unknown = await new SmallLog('ledger.example/other').grow(...someEntries(1));
    // And 403 to a log that it does not know, where tlog-witness demands 404.
    await expect(addCheckpoint(registered, unknown, 0, agent)).rejects.toThrow('unknown-key');
  });
});
