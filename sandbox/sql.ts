import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import pg from 'pg';
import { ownerUrlOf } from './database.ts';
import { findRunningSandbox } from './running-environment.ts';
import { answerText } from './sql/table.ts';
import { tryStatements } from './sql/try-statements.ts';

interface SqlOptions {
  readonly file?: string;
  readonly commit: boolean;
  readonly explain: boolean;
  readonly asService: boolean;
}

/** `npm run -s sql -- …`: statements and migrations, tried on the database of the running sandbox. */
const program = new Command('sql')
  .description("run statements on the running sandbox's database, in a transaction that is rolled back")
  .argument('[statements]', 'SQL, separated by semicolons')
  .option('--file <path>', 'read the statements from a file')
  .option('--commit', 'keep what they did', false)
  .option('--explain', 'print the plan of one statement, in which $1 may stand for a value', false)
  .option('--as-service', "log in as the service does, not as the database's owner", false)
  .action(run);

await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? describe(error) : 'unknown'}\n`);
  process.exitCode = 1;
});

async function run(statements: string | undefined, options: SqlOptions): Promise<void> {
  if ((statements === undefined) === (options.file === undefined)) {
    throw new Error('Give either statements or --file: npm run -s sql -- "select count(*) from consent"');
  }
  const sql = statements ?? readFileSync(options.file ?? '', 'utf8');
  const sandbox = await findRunningSandbox();
  if (!sandbox) throw new Error('No sandbox of this checkout is running: start one with npm run dev or npm start.');
  const serviceUrl = sandbox.environment.DATABASE_URL ?? '';
  const url = options.asService ? serviceUrl : ownerUrlOf(sandbox.folder, serviceUrl);
  const answers = await tryStatements(url, { sql, isKept: options.commit, isExplained: options.explain });
  process.stdout.write(`${answers.map(answerText).join('\n\n')}\n`);
  if (!options.commit) process.stderr.write('Rolled back; --commit keeps it.\n');
}

/** What PostgreSQL says about the statement that failed. */
function describe(error: Error): string {
  if (!(error instanceof pg.DatabaseError)) return error.message;
  const { code = '', message, detail, hint } = error;
  return [`${message} (SQLSTATE ${code})`, detail, hint].filter((line) => line !== undefined).join('\n');
}
