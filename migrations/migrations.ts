import { readdirSync, readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

/** TypeORM orders migrations by a 13-digit timestamp at the end of the name; ours is this base plus the file's number. */
const TIMESTAMP_BASE = 1_798_041_000_000;

const folder = new URL('.', import.meta.url);

/**
 * Every `NNNN_name.sql` beside this file as a TypeORM migration, in order of number. Forward only. Within the transaction of each,
 * `current_setting('sigill.environment')` is `environment`.
 */
export function loadMigrations(environment: string): MigrationClass[] {
  return migrationFiles().map((file) => toMigration(file, environment));
}

/** The names of all migrations, as `typeorm_migration` keeps them. */
export function migrationNames(): readonly string[] {
  return migrationFiles().map(nameOf);
}

/** Whether a migration of this name was made before the present schema began, and is not continued by it. */
export function isOfEarlierBuild(name: string): boolean {
  return !(Number(/\d{13}$/.exec(name)?.[0]) >= TIMESTAMP_BASE);
}

function migrationFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
}

function nameOf(file: string): string {
  const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
  if (!match) throw new Error(`migration ${file} is not named NNNN_name.sql`);
  const [, number, words] = match;
  return `${words ?? ''}${TIMESTAMP_BASE + Number(number)}`;
}

function toMigration(file: string, environment: string): MigrationClass {
  const sql = readFileSync(new URL(file, folder), 'utf8');
  return class implements MigrationInterface {
    readonly name = nameOf(file);

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`select set_config('sigill.environment', $1, true)`, [environment]);
      await runner.query(sql);
    }

    down(): Promise<void> {
      return Promise.reject(new Error('migrations run forward only'));
    }
  };
}
