import { readdirSync, readFileSync } from 'node:fs';
import type { MigrationInterface, QueryRunner } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

/** TypeORM orders migrations by a 13-digit timestamp at the end of the name; ours is this base plus the file's number. */
const TIMESTAMP_BASE = 1_790_000_000_000;

/** Every `NNNN_name.sql` beside this file as a TypeORM migration, in order of number. Forward only. */
export function loadMigrations(): MigrationClass[] {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => toMigration(file, readFileSync(new URL(file, folder), 'utf8')));
}

function toMigration(file: string, sql: string): MigrationClass {
  const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
  if (!match) throw new Error(`migration ${file} is not named NNNN_name.sql`);
  const [, number, words] = match;
  return class implements MigrationInterface {
    readonly name = `${words ?? ''}${TIMESTAMP_BASE + Number(number)}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }

    down(): Promise<void> {
      return Promise.reject(new Error('migrations run forward only'));
    }
  };
}
