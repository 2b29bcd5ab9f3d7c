import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { createApp } from '../../src/app.ts';
import { readFileWithMode } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { Database, maybeRow } from '../../src/database/database.ts';
import { int } from '../../src/database/rows.ts';
import { statement } from '../../src/database/statement.ts';
import { countedStatements } from '../../src/operations/statement-count.ts';
import { listen } from '../../src/http/listener.ts';
import { Metrics } from '../../src/operations/metrics.ts';
import { parseClients } from '../../src/clients/parse-clients.ts';
import { endWithParent, usage } from './child-process.ts';
import { CONNECTIONS, COUNT_FSYNCS, FLUSH } from './durable-commits.ts';
import { Settlement } from './settlement.ts';

const FLUSH_STATISTICS = statement('bench.flushStatistics', FLUSH);
const COUNT = statement('bench.countFsyncs', COUNT_FSYNCS);

/** The service as it is deployed, with a second listener by which the benchmark signs for the payer and reads what it has cost. */
const { values } = parseArgs({ options: { env: { type: 'string' }, control: { type: 'string' } } });
const env = JSON.parse(readFileSync(values.env ?? '', 'utf8')) as Record<string, string>;
const config = parseConfig(env, readFileWithMode, parseClients);
const app = await createApp({ config });
await listen(app, config.port, config.host);
const settlement = new Settlement(app);
const metrics = app.get(Metrics, { strict: false });
const PAYER_STEP = 'bench';
const routes = [
  PAYER_STEP,
  'POST /par',
  'GET /authorize',
  'GET /authorize/:interaction/return',
  'POST /token',
  'POST /introspect',
];

const control = createServer((request, response) => {
  answer(request.url ?? '').then(
    (body) => response.end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
control.listen(Number(values.control), '127.0.0.1', () => process.stdout.write('{}\n'));
endWithParent();

async function answer(path: string): Promise<string> {
  if (path === '/usage') return JSON.stringify({ ...usage(), statements: await countStatements() });
  if (path === '/fsyncs') return String(await countFsyncs());
  return settle(path.slice('/settle/'.length));
}

function settle(interaction: string): Promise<string> {
  return countedStatements(metrics, PAYER_STEP, () => settlement.settle(interaction));
}

async function countStatements(): Promise<number> {
  const counts = routes.map((route) => metrics.readCounter('sigill_sql_statements_total', { route }));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function countFsyncs(): Promise<number> {
  const database = app.get(Database, { strict: false });
  await Promise.all(Array.from({ length: CONNECTIONS }, () => database.query(FLUSH_STATISTICS, [])));
  return (await maybeRow(database, COUNT, [], (row) => int(row, 'fsyncs'))) ?? 0;
}
