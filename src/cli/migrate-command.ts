import type { Command } from 'commander';

interface MigrateOptions {
  readonly json?: true;
}

/** `sigill migrate`: migrates the database of MIGRATION_DATABASE_URL to this program's schema, as its owner. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('migrate the database as its owner (MIGRATION_DATABASE_URL, SIGILL_ENV)')
    .option('--json', 'one JSON document on standard output')
    .action(migrateDatabase);
}

async function migrateDatabase(options: MigrateOptions): Promise<void> {
  const { ConfigError } = await import('../config/config.ts');
  const { loadMigrationConfig } = await import('../config/load-config.ts');
  const { migrate } = await import('../database/open-database.ts');
  try {
    const { environment, databaseUrl } = loadMigrationConfig();
    const applied = await migrate(databaseUrl.reveal(), environment);
    const words = applied.length === 0 ? 'The schema was up to date.' : `Applied ${applied.join(', ')}.`;
    process.stdout.write(options.json ? `${JSON.stringify({ environment, applied })}\n` : `${words}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'migration failed'}\n`);
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
}
