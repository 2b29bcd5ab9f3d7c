import { insertDataKey } from '../../../bench/service/data-key.ts';
import type { KeyRing } from '../../../src/config/key-ring.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import {
  createKeyRing,
  createTestDatabase,
  createTestEnvelope,
  unlisted,
  type TestDatabase,
} from '../../support/database/database.ts';

const subject = 'consent:bank:1';
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

describe('a sealed record', () => {
  const envelope = createTestEnvelope();

  it('is read back only as the row, kind and subject that it was sealed for', async () => {
    const key = await insertDataKey(db.database, envelope, subject);
    const sealed = key.seal('answer', 'order-1', Buffer.from('amount and payee'));
    const again = await envelope.getDataKey(db.database, subject);
    expect(again.open('answer', 'order-1', sealed).toString()).toBe('amount and payee');
    expect(() => again.open('answer', 'order-2', sealed)).toThrow();
    expect(() => again.open('text', 'order-1', sealed)).toThrow();
    const other = await insertDataKey(db.database, envelope, 'consent:bank:2');
    expect(() => other.open('answer', 'order-1', sealed)).toThrow();
  });

  it('is refused after any one byte of it was changed, or when its tag was cut', async () => {
    const key = await envelope.getDataKey(db.database, subject);
    const sealed = key.seal('answer', 'order-1', Buffer.from('x'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => key.open('answer', 'order-1', changed)).toThrow();
    }
    expect(() => key.open('answer', 'order-1', sealed.subarray(0, -4))).toThrow();
  });

  it('cannot be read by an installation with another evidence key', async () => {
    await expect(createTestEnvelope().getDataKey(db.database, subject)).rejects.toThrow();
  });
});

describe('the data key of a consent', () => {
  it('is one for ever: the service cannot put another in its place, nor say when it was made', async () => {
    const envelope = createTestEnvelope();
    await insertDataKey(db.database, envelope, 'consent:bank:one');
    const columns = `(key_id, subject, kek_id, wrapped`;
    const second = `insert into data_key ${columns}) values (gen_random_uuid(), 'consent:bank:one', 'k9', 'x')`;
    await expect(db.database.query(unlisted(second), [])).rejects.toThrow(/one data key/);
    const dated = `insert into data_key ${columns}, wrapped_at) values (gen_random_uuid(), 'consent:bank:two', 'k1', 'x', now())`;
    await expect(db.database.query(unlisted(dated), [])).rejects.toThrow(/permission denied/);
  });

  it('is wrapped anew by the owner alone: what the service adds would be read in place of it', async () => {
    const subject = 'consent:bank:rewrapped';
    const envelope = createTestEnvelope();
    const key = await insertDataKey(db.database, envelope, subject);
    const sealed = key.seal('answer', 'order-1', Buffer.from('x'));
    const rewrap = (wrapped: string): string =>
      `insert into data_key (key_id, subject, kek_id, wrapped)
       select key_id, subject, 'k9', ${wrapped} from data_key where subject = '${subject}'`;
    await expect(db.database.query(unlisted(rewrap(`'spoilt'`)), [])).rejects.toThrow(/one data key/);
    expect((await envelope.getDataKey(db.database, subject)).open('answer', 'order-1', sealed).toString()).toBe('x');

    await db.asOwner(rewrap('wrapped'));
    const wrappings = await db.asOwner('select kek_id from data_key where subject = $1 order by kek_id', [subject]);
    expect(wrappings).toHaveLength(2);
    const another = `insert into data_key (key_id, subject, kek_id, wrapped) values (gen_random_uuid(), $1, 'k8', 'x')`;
    await expect(db.asOwner(another, [subject])).rejects.toThrow(/one data key/);
  });

  it('cannot be changed or removed by the service', async () => {
    await expect(db.database.query(unlisted('delete from data_key'), [])).rejects.toThrow(/permission denied/);
    await expect(db.database.query(unlisted("update data_key set kek_id = 'x'"), [])).rejects.toThrow(
      /permission denied/,
    );
  });
});

describe('a look-up hash', () => {
  it('finds a person again, and only under the same key and kind', () => {
    const envelope = createTestEnvelope();
    expect(envelope.lookupHash('person', '191212121212')).toEqual(envelope.lookupHash('person', '191212121212'));
    expect(envelope.lookupHash('person', '191212121212')).not.toEqual(envelope.lookupHash('payer', '191212121212'));
    expect(createTestEnvelope().lookupHash('person', '191212121212')).not.toEqual(
      envelope.lookupHash('person', '191212121212'),
    );
  });

  it('is compared under the key that it names; one by a key that the ring lacks is neither equal nor different', () => {
    const [k1, k2] = [createKeyRing().keys.get('k1')!, createKeyRing().keys.get('k1')!];
    const ring = (current: string, keys: KeyRing['keys']): Envelope =>
      new Envelope(createKeyRing(), { current, keys }, createKeyRing());
    const old = ring('k1', new Map([['k1', k1]])).lookupHash('signed', 'text');
    const renewed = ring(
      'k2',
      new Map([
        ['k1', k1],
        ['k2', k2],
      ]),
    );
    expect(renewed.isLookupHash(old, 'signed', 'text')).toBe(true);
    expect(renewed.isLookupHash(old, 'signed', 'other')).toBe(false);
    expect(renewed.isLookupHash(old.subarray(0, -1), 'signed', 'text')).toBe(false);
    expect(renewed.isLookupHash(Buffer.alloc(0), 'signed', 'text')).toBe(false);
    const lacking = ring('k2', new Map([['k2', k2]]));
    for (const value of ['text', 'other']) {
      expect(() => lacking.isLookupHash(old, 'signed', value)).toThrow(/no longer holds/);
    }
  });
});
