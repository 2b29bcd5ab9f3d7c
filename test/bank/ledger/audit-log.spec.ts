import { randomUUID } from 'node:crypto';
import { auditDigest } from '../../../src/ledger/audit/audit-digest.ts';
import { createTestDatabase, unlisted, type TestDatabase } from '../../support/database/database.ts';
import { tamper } from '../../support/database/tamper.ts';
import { ledgerFolder, ledgerKeys, LedgerInstance } from '../../support/ledger/ledger-instance.ts';

const folder = ledgerFolder();
let test: TestDatabase;
let one: LedgerInstance;

beforeAll(async () => {
  test = await createTestDatabase();
  one = new LedgerInstance(test, folder.path, ledgerKeys());
});
afterAll(async () => {
  await test.close();
  folder.remove();
});

const chain = (bank: string): string => `consent:${bank}:${randomUUID()}`;

/** Events of a chain, committed. */
async function append(subject: string, count = 1): Promise<void> {
  for (let event = 0; event < count; event += 1)
    await test.asOwner(`insert into audit_event (subject, event) values ($1, '{"type":"consent.authorised"}')`, [
      subject,
    ]);
}

interface Leaf {
  readonly number: number;
  readonly digest: Buffer;
  readonly heads: readonly { readonly subject: string; readonly seq: number; readonly hash: Buffer }[];
}

async function leavesOf(bank: string): Promise<readonly Leaf[]> {
  const leaves = await test.asOwner('select number, digest from ledger_audit_leaf where bank = $1 order by number', [
    bank,
  ]);
  return Promise.all(
    leaves.map(async ({ number, digest }) => {
      const heads = await test.asOwner(
        'select subject, seq, hash from ledger_audit_head where bank = $1 and number = $2 order by subject',
        [bank, number],
      );
      return {
        number: Number(number),
        digest: digest as Buffer,
        heads: heads.map(({ subject, seq, hash }) => ({
          subject: String(subject),
          seq: Number(seq),
          hash: hash as Buffer,
        })),
      };
    }),
  );
}

describe('the audit log of a bank', () => {
  it('covers the head of each chain of the bank that has changed, once, and keeps the list', async () => {
    const [first, second] = [chain('one'), chain('one')];
    await append(first, 3);
    await append(second);
    await append(chain('other'));
    await one.audit.close('one', 0);
    await append(first);
    await one.audit.close('one', 0);
    await one.audit.close('one', 0);
    await one.audit.close('other', 0);
    const leaves = await leavesOf('one');
    expect(
      leaves.map(({ number, heads }) => [number, heads.map(({ subject, seq }) => `${subject} ${seq}`).sort()]),
    ).toEqual([
      [1, [`${first} 3`, `${second} 1`].sort()],
      [2, [`${first} 4`]],
    ]);
    for (const { digest, heads } of leaves) expect(auditDigest(heads)).toEqual(digest);
    const [event] = await test.asOwner('select hash from audit_event where subject = $1 and seq = 4', [first]);
    expect(leaves[1]?.heads[0]?.hash).toEqual(event?.['hash']);
    expect(await leavesOf('other')).toHaveLength(1);
  });

  it('covers what concerns the bank itself, and nothing of another whose name begins alike', async () => {
    await append('bank:own');
    await append('bank:own-too');
    await append('export:own');
    await one.audit.close('own', 0);
    const heads = (await leavesOf('own')).flatMap((leaf) => leaf.heads.map(({ subject }) => subject));
    expect(heads).toEqual(['bank:own']);
  });

  it('has signed heads of its own, at an address below that of the evidence', async () => {
    expect(await one.advance('one', 'audit')).toBe(2);
    const log = await one.log('one', 'audit');
    expect(log.origin).toMatch(/^ledger\.example\/ledger\/[a-z2-7]{26}\/audit$/);
    const kept = await one.directory.findNewest(log.folder);
    expect(one.signer.open(log.origin, kept?.note ?? Buffer.alloc(0))).toMatchObject({ origin: log.origin, size: 2 });
  });

  it('covers an event whose transaction was committed after the leaf of its time', async () => {
    const [late, early] = [chain('late'), chain('late')];
    const committed = test.database.inTransaction(async (tx) => {
      await tx.query(unlisted(`insert into audit_event (subject, event) values ($1, '{"type":"late"}')`), [late]);
      await append(early);
      await one.audit.close('late', 0);
    });
    await committed;
    await one.audit.close('late', 0);
    const covered = (await leavesOf('late')).map(({ heads }) => heads.map(({ subject }) => subject));
    expect(covered).toEqual([[early], [late]]);
  });

  it('gets one leaf where several instances close it at the same time', async () => {
    await append(chain('raced'));
    const instances = Array.from({ length: 4 }, () => new LedgerInstance(test, folder.path, ledgerKeys()));
    await Promise.all(instances.map((instance) => instance.audit.close('raced', 0)));
    expect(await leavesOf('raced')).toHaveLength(1);
    await append(chain('raced'));
    await one.audit.close('raced', 3600);
    expect(await leavesOf('raced')).toHaveLength(1);
  });

  it('has nothing of logins, callers and exports, which belong to no bank', async () => {
    const others = [`login:tpp:${randomUUID()}`, 'caller:bank', `export:${randomUUID()}`, 'consentx:tpp:1'];
    for (const subject of others) await append(subject);
    for (const bank of ['tpp', 'bank']) await one.audit.close(bank, 0);
    const heads = await test.asOwner('select subject from ledger_audit_head where subject = any($1)', [others]);
    expect(heads).toEqual([]);
  });

  it('covers what changed while it could get no leaf, however long that was', async () => {
    await append(chain('blocked'));
    await one.audit.close('blocked', 0);
    await one.advance('blocked', 'audit');
    const [leaf] = await leavesOf('blocked');
    // As on a database that was set back.
    for (const table of ['ledger_audit_head', 'ledger_audit_leaf'])
      await tamper(test, table, `delete from ${table} where bank = 'blocked'`);
    const waiting = chain('blocked');
    await append(waiting);
    await expect(one.audit.close('blocked', 0)).rejects.toMatchObject({ reason: 'ahead' });
    await append(chain('free'));
    await one.audit.close('free', 0);
    await tamper(
      test,
      'ledger_audit_leaf',
      `update ledger_audit_leaf set closed_at = now() + interval '1 hour' where bank = 'free'`,
    );
    await test.asOwner(`insert into ledger_audit_leaf (bank, number, kind, digest) values ('blocked', 1, 'lost', $1)`, [
      leaf?.digest,
    ]);
    await one.audit.close('blocked', 0);
    expect((await leavesOf('blocked'))[1]?.heads.map(({ subject }) => subject)).toContain(waiting);
  });

  it('shows an event that was cut off after it was covered', async () => {
    const subject = chain('cut');
    await append(subject, 2);
    await one.audit.close('cut', 0);
    await tamper(test, 'audit_event', 'delete from audit_event where subject = $1 and seq = 2', [subject]);
    const [leaf] = await leavesOf('cut');
    expect(leaf?.heads).toEqual([expect.objectContaining({ subject, seq: 2 })]);
    expect(auditDigest(leaf?.heads ?? [])).toEqual(leaf?.digest);
    expect(await test.asOwner('select from audit_event where subject = $1 and seq = 2', [subject])).toEqual([]);
  });
});

describe('no chain is left out of the audit log', () => {
  const appendOld = (bank: string, count: number): Promise<unknown> =>
    test.asOwner(
      `insert into audit_event (subject, event, recorded_at)
       select 'consent:' || $1 || ':' || n, '{"type":"consent.authorised"}', now() - interval '10 minutes'
         from generate_series(1, $2::int) n`,
      [bank, count],
    );
  const covered = async (bank: string): Promise<number> =>
    (await leavesOf(bank)).reduce((sum, { heads }) => sum + heads.length, 0);

  it('because more had changed than fit under one leaf', async () => {
    await appendOld('many', 20_500);
    await one.audit.close('many', 60);
    expect(await covered('many')).toBe(20_500);
  });

  it('because the clock was ahead when the last leaf was closed', async () => {
    await append(chain('clock'));
    await one.audit.close('clock', 0);
    await tamper(
      test,
      'ledger_audit_leaf',
      `update ledger_audit_leaf set closed_at = now() + interval '1 year' where bank = 'clock'`,
    );
    await append(chain('clock'));
    await one.audit.close('clock', 60);
    expect(await covered('clock')).toBe(2);
  });
});
