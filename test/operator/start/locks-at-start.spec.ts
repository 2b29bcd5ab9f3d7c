import { checkDatabase } from '../../../src/database/open-database.ts';
import { LOCKS } from '../../../src/database/start-checks/locks.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.close());

const start = (): Promise<void> => checkDatabase(database.source, 'sandbox');

describe('the service', () => {
  it('knows every trigger of its schema as a lock, each enabled always', async () => {
    const found = await database.asOwner(
      `select tgrelid::regclass || '.' || tgname as name, tgenabled = 'A' as always from pg_trigger where not tgisinternal order by 1`,
    );
    expect(found.filter(({ always }) => always !== true)).toEqual([]);
    expect(found.map(({ name }) => name)).toEqual([...LOCKS].sort());
    await expect(start()).resolves.toBeUndefined();
  });

  it('refuses to start when a lock is off, in each of the ways, and names it', async () => {
    for (const lock of LOCKS) {
      const [table, trigger] = lock.split('.');
      for (const how of ['disable trigger', 'enable trigger', 'enable replica trigger']) {
        await database.asOwner(`alter table ${table} ${how} ${trigger}`);
        await expect(start()).rejects.toThrow(`the trigger ${lock} is not enabled always, for every row`);
      }
      await database.asOwner(`alter table ${table} enable always trigger ${trigger}`);
    }
    await expect(start()).resolves.toBeUndefined();
  });

  it('refuses to start when a lock was given a condition that spares some rows', async () => {
    const [name, table] = ['consent_attempts_rise', 'consent'];
    const [lock] = await database.asOwner(
      'select pg_get_triggerdef(oid) as definition from pg_trigger where tgname = $1',
      [name],
    );
    const definition = String(lock?.['definition']).replace('CREATE TRIGGER', 'create or replace trigger');
    await database.asOwner(definition.replace(' EXECUTE ', ` when (old.bank <> 'b') execute `));
    await database.asOwner(`alter table ${table} enable always trigger ${name}`);
    await expect(start()).rejects.toThrow(`the trigger consent.${name} is not enabled always, for every row`);
    await database.asOwner(definition);
    await database.asOwner(`alter table ${table} enable always trigger ${name}`);
    await expect(start()).resolves.toBeUndefined();
  });

  it('refuses to start beside a trigger that is not its own and could change what a statement writes', async () => {
    await database.asOwner(`create function alter_amount() returns trigger language plpgsql as
      $$ begin new.initiation := '{}'; return new; end $$`);
    await database.asOwner('create trigger aaa before update on consent for each row execute function alter_amount()');
    await expect(start()).rejects.toThrow('the trigger consent.aaa does not belong to this program');
    await database.asOwner('drop trigger aaa on consent');
    await expect(start()).resolves.toBeUndefined();
  });

  it('refuses to start with a login that can change evidence, be it in one column', async () => {
    const rights = ['update (payment_mac) on authorisation', 'update on evidence', 'delete on audit_event'];
    for (const right of rights) {
      await database.asOwner(`grant ${right} to sigill_app`);
      await expect(start()).rejects.toThrow('can change evidence');
      await database.asOwner(`revoke ${right} from sigill_app`);
    }
    await expect(start()).resolves.toBeUndefined();
  });
});
