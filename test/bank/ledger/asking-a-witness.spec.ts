import { Agent } from 'undici';
import { PretendWitness } from '../../support/ledger/pretend-witness.ts';
import { SmallLog, someEntries, type SmallHead } from '../../support/ledger/small-log.ts';
import type { Witness } from '../../../src/clients/clients.ts';
import { openNote, formatSignature } from '../../../src/crypto/tlog/note.ts';
import { addCheckpoint } from '../../../src/ledger/witnesses/add-checkpoint.ts';
import { WitnessFailure } from '../../../src/ledger/witnesses/witness-failure.ts';

describe('a witness of a log', () => {
  const log = new SmallLog('ledger.example/ledger/abc');
  const heads: SmallHead[] = [];
  const agent = new Agent();
  let pretend: PretendWitness;
  let witness: Witness;

  beforeAll(async () => {
    for (let size = 0; size < 500; size += 100) heads.push(await log.grow(...someEntries(100, size)));
  });
  beforeEach(async () => {
    pretend = new PretendWitness();
    pretend.knows(log.key);
    witness = { url: await pretend.start(), key: pretend.key };
  });
  afterEach(() => pretend.stop());
  afterAll(() => agent.close());

  const submit = (head: SmallHead, known = 0) => addCheckpoint(witness, head, known, agent);
  const reasonOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof WitnessFailure) return error.reason;
      throw error;
    }
    return 'none';
  };

  it('cosigns a head that continues what it has seen, from the size that it was thought to have seen', async () => {
    await submit(heads[0]!);
    const head = heads[3]!;
    const line = formatSignature(await submit(head, 100));
    expect(openNote(Buffer.from(head.note + line), [log.key, pretend.key]).verified).toHaveLength(2);
    expect(pretend.submittedFrom).toEqual([0, 100]);
  });

  it('is asked again from the size that it names, where it was thought to have seen another', async () => {
    await submit(heads[0]!);
    await submit(heads[1]!);
    expect(pretend.submittedFrom).toEqual([0, 0, 100]);
    await submit(heads[1]!);
    expect(pretend.hasSeen(log.key.name)).toBe(200);
  });

  it('that has seen more than we have says so: the log was set back', async () => {
    await submit(heads[4]!);
    expect(await reasonOf(submit(heads[2]!))).toBe('ahead');
  });

  it('does not cosign two heads for one size, nor one that does not continue what it has seen', async () => {
    await submit(heads[1]!);
    const other = new SmallLog(log.key.name);
    Object.assign(other, { key: log.key, sign: log.sign });
    const same = await other.grow(...someEntries(200, 7));
    expect(await reasonOf(submit(same, 200))).toBe('contradicts');
    expect(await reasonOf(submit(same))).toBe('contradicts');
    const larger = await other.grow(...someEntries(1));
    expect(await reasonOf(submit(larger, 200))).toBe('inconsistent');
  });

  it('that does not know the log or its key says so', async () => {
    expect(await reasonOf(submit(await new SmallLog('other.example').grow(...someEntries(1))))).toBe('unknown-log');
    expect(await reasonOf(submit(await new SmallLog(log.key.name).grow(...someEntries(1))))).toBe('unknown-key');
  });

  it('is believed only by a signature of its registered key over this head', async () => {
    const head = heads[0]!;
    const text = head.note.slice(0, head.note.indexOf('\n\n') + 1);
    const stranger = new PretendWitness('stranger.example');
    const namesake = new PretendWitness(pretend.key.name);
    const answers = [
      stranger.cosign(text),
      namesake.cosign(text),
      pretend.cosign(`${text}x\n`),
      head.note,
      '',
      'signed\n',
    ];
    for (const answer of answers) {
      pretend.answers((response) => response.end(answer));
      expect(await reasonOf(submit(head))).toBe('unsigned');
    }
    pretend.answers((response) => response.end(stranger.cosign(text) + pretend.cosign(text)));
    expect(await submit(head)).toMatchObject({ name: pretend.key.name });
  });

  it('that is down, fails, redirects, turns in a circle or sends too much costs its signature and no more', async () => {
    const head = heads[0]!;
    pretend.answers((response) => response.writeHead(500).end('broken'));
    expect(await reasonOf(submit(head))).toBe('unreachable');
    pretend.answers((response) => response.writeHead(302, { location: `${witness.url}/elsewhere` }).end());
    expect(await reasonOf(submit(head))).toBe('unreachable');
    let size = 0;
    pretend.answers((response) => response.writeHead(409).end(`${(size = (size + 1) % 3)}\n`));
    expect(await reasonOf(submit(head))).toBe('unreachable');
    pretend.answers((response) => response.end('— x '.repeat(100_000)));
    expect(await reasonOf(submit(head))).toBe('malformed');
    pretend.answers((response) => response.destroy());
    expect(await reasonOf(submit(head))).toBe('unreachable');
    const nowhere = { ...witness, url: 'http://127.0.0.1:1' };
    expect(await reasonOf(addCheckpoint(nowhere, head, 0, agent))).toBe('unreachable');
  });
});
