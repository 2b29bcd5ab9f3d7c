import { DataSource } from 'typeorm';
import type { Environment } from '../kernel/environment.ts';
import { isOfEarlierBuild, loadMigrations, migrationNames } from '../../migrations/migrations.ts';
import { LOCKS } from './start-checks/locks.ts';
import { checkOwnSession } from './start-checks/session.repository.ts';

/** Rows of a table that only the app role reads: what a service must know before it may start. */
interface StartupFacts {
  readonly environment: string | null;
  readonly migrations: string[];
  readonly may_change_evidence: boolean;
  readonly both_unlogged: boolean;
  readonly limits_hold: boolean;
  readonly open_locks: string[];
  readonly foreign_triggers: string[];
}

/**
 * A locked row does not hold up callers or workers for long: the statement fails, the caller is told to try again
 * later, and the worker tries again in its next run. Statements have no time limit, which would also end a COMMIT's wait for its standby
 * and leave it unknown whether the transaction is kept. PostgreSQL cancels a statement whose client process has died, because
 * its result would reach no process.
 */
const LIMITS = '-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s -c client_connection_check_interval=5s';

/** A connection holds prepared statements and cached catalogs, which closing it after a quiet minute would lose. */
const IDLE_MS = 15 * 60_000;

/** The longest wait for a free or a new connection. */
const CONNECT_MS = 5_000;

/** A connection pool. Closing the Nest application closes it. */
export async function openPool(url: string, poolSize = 10): Promise<DataSource> {
  return dataSource(url, poolSize, { options: LIMITS }).initialize();
}

/**
 * The pool of an installation's own database.
 * @throws Error with one sentence for the operator, of {@link checkDatabase}
 */
export async function openCheckedPool(url: string, environment: Environment): Promise<DataSource> {
  const source = await openPool(url);
  try {
    await checkDatabase(source, environment);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/**
 * Migrates a database as its owner. The first migration writes the installation's environment.
 * @throws if the database belongs to another environment, or was made by an earlier build; then nothing in it is changed
 */
export async function migrate(ownerUrl: string, environment: Environment): Promise<readonly string[]> {
  const source = await dataSource(ownerUrl, 2, { migrations: loadMigrations(environment) }).initialize();
  try {
    await checkMigratable(source, environment);
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

async function checkMigratable(source: DataSource, environment: Environment): Promise<void> {
  if (!(await isMigrated(source))) return;
  const [found] = await source.query<{ environment: string }[]>('select environment from installation');
  if (found?.environment !== environment) throw wrongEnvironment(found?.environment, environment);
  const applied = await source.query<{ name: string }[]>('select name from typeorm_migration');
  checkLayout(applied.map(({ name }) => name));
}

async function isMigrated(source: DataSource): Promise<boolean> {
  const [exists] = await source.query<{ found: boolean }[]>("select to_regclass('installation') is not null as found");
  return exists?.found === true;
}

/**
 * Refuses a database of another environment or schema, with a disabled lock, behind a pooler that shares
 * connections, or with a login that could change evidence.
 * @throws Error with one sentence for the operator
 */
export async function checkDatabase(source: DataSource, environment: Environment): Promise<void> {
  await checkOwnSession(source);
  if (!(await isMigrated(source))) throw new Error('the database is empty: run "sigill migrate"');
  const facts = await readFacts(source);
  if (!facts.limits_hold)
    throw new Error(
      'the time limits of the connection are not in force: a pooler drops the startup parameter named options',
    );
  if (facts.environment !== environment) throw wrongEnvironment(facts.environment, environment);
  checkMigrations(facts.migrations);
  const [lock] = facts.open_locks;
  if (lock !== undefined)
    throw new Error(`the trigger ${lock} is not enabled always, for every row, so locked rows could be changed`);
  const [foreign] = facts.foreign_triggers;
  if (foreign !== undefined)
    throw new Error(`the trigger ${foreign} does not belong to this program and could change what is written: drop it`);
  if (facts.may_change_evidence)
    throw new Error('the database login of the service can change evidence: grant it the role sigill_app only');
  if (!facts.both_unlogged)
    throw new Error(
      'the tables claimed_proof and claim_record must both be unlogged, or only one of them would survive a crash',
    );
}

async function readFacts(source: DataSource): Promise<StartupFacts> {
  const [facts] = await source.query<StartupFacts[]>(
    `select (select environment from installation) as environment,
           (select coalesce(json_agg(name order by name), '[]') from typeorm_migration) as migrations,
           (select bool_or(has_any_column_privilege(kept, 'update') or has_table_privilege(kept, 'delete, truncate'))
              from unnest(array['signature_root', 'evidence', 'evidence_attachment', 'authorisation', 'bankid_answer', 'data_key',
                                'audit_event']) as kept)
             as may_change_evidence,
           (select bool_and(relpersistence = 'u') from pg_class
             where oid in (to_regclass('claimed_proof'), to_regclass('claim_record'))) as both_unlogged,
           current_setting('lock_timeout') = '5s' as limits_hold,
           (select coalesce(json_agg(lock order by lock), '[]') from unnest($1::text[]) as lock
             where not exists (select from pg_trigger
                                where tgrelid = to_regclass(split_part(lock, '.', 1)) and tgname = split_part(lock, '.', 2)
                                  and tgenabled = 'A' and tgqual is null)) as open_locks,
           -- A lock sees the columns that a statement names, not what another trigger before it makes of them.
           (select coalesce(json_agg(name order by name), '[]')
              from (select tgrelid::regclass || '.' || tgname as name from pg_trigger
                     where not tgisinternal and tgtype & 18 = 18
                       and tgrelid in (select to_regclass(split_part(lock, '.', 1)) from unnest($1::text[]) as lock)) present
             where name <> all ($1::text[])) as foreign_triggers`,
    [LOCKS],
  );
  if (!facts) throw new Error('the database returned no row for the start-up checks');
  return facts;
}

/** @throws if this program's migrations do not continue those of the database */
function checkLayout(found: readonly string[]): void {
  if (!found.some(isOfEarlierBuild)) return;
  throw new Error(
    'the database was made by an earlier build: begin with an empty one (in the sandbox: npm start -- --fresh)',
  );
}

function checkMigrations(found: readonly string[]): void {
  checkLayout(found);
  const expected = migrationNames();
  const missing = expected.filter((name) => !found.includes(name));
  const unknown = found.filter((name) => !expected.includes(name));
  if (missing.length > 0)
    throw new Error(
      `the database schema is older than this program: run "sigill migrate" (missing ${missing.join(', ')})`,
    );
  if (unknown.length > 0) throw new Error(`the database schema is newer than this program (${unknown.join(', ')})`);
}

interface SourceOptions {
  /** Sent to the server when a connection starts. */
  readonly options?: string;
  readonly migrations?: ReturnType<typeof loadMigrations>;
}

function dataSource(url: string, poolSize: number, { options, migrations = [] }: SourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    connectTimeoutMS: CONNECT_MS,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    migrations,
    migrationsTableName: 'typeorm_migration',
    extra: {
      application_name: 'sigill',
      idleTimeoutMillis: IDLE_MS,
      // An idle connection is no reason to stay alive either.
      allowExitOnIdle: true,
      ...(options === undefined ? {} : { options }),
    },
  });
}

function wrongEnvironment(found: string | null | undefined, wanted: Environment): Error {
  return new Error(`the database belongs to the environment ${found ?? '(none)'}, not to ${wanted}`);
}
