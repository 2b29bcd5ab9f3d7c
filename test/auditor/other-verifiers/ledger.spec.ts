import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isConsistent, isIncluded, leafHash } from '../../../src/crypto/tlog/merkle.ts';
import { consistencyProof, inclusionProof } from '../../../src/crypto/tlog/tiles.ts';
import { formatVerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';
import { PretendWitness } from '../../support/ledger/pretend-witness.ts';
import { SmallLog, someEntries, type SmallHead } from '../../support/ledger/small-log.ts';
import { askGo, buildGoTools, describeWithGo } from '../../support/go/go-tools.ts';
import { seeded } from './support/mutations.ts';
import { workFolder } from './support/tools.ts';

const GROWTH = [1, 1, 253, 1, 1, 255, 300, 65_000];
const ORIGIN = 'ledger.example/ledger/abcdefghijklmnopqrstuvwxyz';
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

describeWithGo('Go’s checksum database and transparency.dev', () => {
  const folder = workFolder();
  const log = new SmallLog(ORIGIN);
  const heads: SmallHead[] = [];
  const entries = someEntries(GROWTH.reduce((sum, more) => sum + more, 0));
  const key = log.vkey;
  let tools: string;

  beforeAll(async () => {
    tools = buildGoTools();
    let size = 0;
    for (const more of GROWTH) {
      heads.push(await log.grow(...entries.slice(size, size + more)));
      size += more;
    }
    for (const [path, bytes] of log.tiles) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
  });
  afterAll(() => rmSync(tools, { recursive: true }));

  const last = (): SmallHead => heads.at(-1)!;
  const logQuestion = (head: SmallHead, at = folder) => ({
    kind: 'log',
    note: head.note,
    origin: ORIGIN,
    key,
    folder: at,
  });

  it('read every head of our log, its entries and its tiles, and find the root that we signed', () => {
    expect(
      askGo(
        tools,
        heads.map((head) => logQuestion(head)),
      ),
    ).toEqual(heads.map(() => 'accept'));
  });

  it('refuse a log with a changed entry, a changed tile or the note of another log', () => {
    const [, , , , , , head] = heads;
    const wrong = (path: string): object => {
      const copy = mkdtempSync(join(tmpdir(), 'sigill-oracles-'));
      for (const [name, tile] of log.tiles) {
        if (!name.includes('.p/') && name !== path && !/\/00\d$/.test(name)) continue;
        mkdirSync(dirname(join(copy, name)), { recursive: true });
        const bytes = Buffer.from(tile);
        if (name === path) bytes[40] = bytes[40]! ^ 1;
        writeFileSync(join(copy, name), bytes);
      }
      return logQuestion(head!, copy);
    };
    const paths = ['none', 'tile/entries/001', 'tile/0/001', 'tile/1/000.p/3'];
    const others = [
      { ...logQuestion(head!), origin: `${ORIGIN}x` },
      { ...logQuestion(head!), key: new SmallLog(ORIGIN).vkey },
      { ...logQuestion(head!), note: head!.note.replace('812', '813') },
    ];
    expect(askGo(tools, [...paths.map(wrong), ...others])).toEqual(['accept', ...Array<string>(6).fill('refuse')]);
  });

  it('make the same proofs from our tiles as we do', async () => {
    const { size, note } = last();
    const random = seeded(20_261_201);
    const places = [0, 255, 256, 65_535, 65_536, size - 1, ...Array.from({ length: 40 }, () => random(size))];
    const ask = (place: object) => ({ kind: 'prove', note, origin: ORIGIN, key, folder, ...place });
    const answers = askGo(
      tools,
      places.flatMap((at) => [ask({ index: at }), ask({ older: at + 1 })]),
    );
    const ours = await Promise.all(
      places.flatMap((at) => [inclusionProof(log.read, at, size), consistencyProof(log.read, at + 1, size)]),
    );
    expect(answers.map((line) => (JSON.parse(line) as string[] | null) ?? [])).toEqual(
      ours.map((proof) => proof.map(base64)),
    );
  });

  it('accept and refuse the same proofs as we do, sound and changed', async () => {
    const random = seeded(15);
    const questions: object[] = [];
    const ours: string[] = [];
    for (let n = 0; n < 400; n += 1) {
      const { size, root } = heads[random(heads.length)]!;
      const index = random(size);
      const older = heads.filter((head) => head.size <= size)[
        random(heads.filter((head) => head.size <= size).length)
      ]!;
      const change = (proof: Buffer[]): Buffer[] => {
        const at = random(proof.length + 1);
        const changes = [proof, proof.toSpliced(at, 1), proof.toSpliced(at, 0, root), proof.toReversed()];
        return changes[random(4)] ?? proof;
      };
      const [leaf, claimed] = [leafHash(entries[index]!), random(4) === 0 ? random(size) : index];
      const inclusion = change(await inclusionProof(log.read, index, size));
      questions.push({
        kind: 'inclusion',
        index: claimed,
        size,
        leaf: base64(leaf),
        root: base64(root),
        proof: inclusion.map(base64),
      });
      ours.push(isIncluded({ index: claimed, size, leaf, root, proof: inclusion }) ? 'accept' : 'refuse');
      const consistency = change(await consistencyProof(log.read, older.size, size));
      const between = { older: older.size, size, olderRoot: base64(older.root), root: base64(root) };
      questions.push({ kind: 'consistency', ...between, proof: consistency.map(base64) });
      ours.push(isConsistent({ older, newer: { size, root }, proof: consistency }) ? 'accept' : 'refuse');
    }
    expect(askGo(tools, questions)).toEqual(ours);
    expect(ours.filter((judgement) => judgement === 'accept').length).toBeGreaterThan(200);
    expect(ours.filter((judgement) => judgement === 'refuse').length).toBeGreaterThan(200);
  });

  it('open our checkpoint with its cosignatures, and not with that of another text or witness', () => {
    const { note } = last();
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const [witness, stranger] = [new PretendWitness(), new PretendWitness()];
    const witnesses = [formatVerifierKey(witness.key)];
    const ask = (line: string): object => ({ kind: 'checkpoint', note: note + line, origin: ORIGIN, key, witnesses });
    const lines = [witness.cosign(text), witness.cosign(`${text}x\n`), stranger.cosign(text), ''];
    expect(askGo(tools, lines.map(ask))).toEqual(['accept', 'refuse', 'refuse', 'refuse']);
  });
});
