import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { endWithParent, usage } from './child-process.ts';
import { CONNECTIONS, COUNT_FSYNCS, FLUSH } from './durable-commits.ts';
import { PeerAdapter, type PeerStore } from './peer-adapter.ts';
import { createPeer, servePeer, servePeerOverTls, type PeerOptions } from './peer-provider.ts';

/** oidc-provider as a process of its own, on the same PostgreSQL. */
const { values } = parseArgs({
  options: {
    facts: { type: 'string' },
    database: { type: 'string' },
    port: { type: 'string' },
    control: { type: 'string' },
  },
});
const facts = JSON.parse(readFileSync(values.facts ?? '', 'utf8')) as PeerOptions;
const store: PeerStore = { pool: new pg.Pool({ connectionString: values.database, max: CONNECTIONS }), statements: 0 };
const provider = createPeer({ ...facts, adapter: (model) => new PeerAdapter(model, store) });
provider.on('server_error', (_context, error) => process.stderr.write(`${String(error)}\n`));
if (facts.extras?.tls) servePeerOverTls(provider, facts.extras.tls);
servePeer(provider).listen(Number(values.port), '127.0.0.1', () => {
  const control = createServer((request, response) => {
    if (request.url === '/usage') {
      response.end(JSON.stringify({ ...usage(), statements: store.statements }));
      return;
    }
    countFsyncs().then(
      (fsyncs) => response.end(String(fsyncs)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  control.listen(Number(values.control), '127.0.0.1', () => process.stdout.write('{}\n'));
});
endWithParent();

async function countFsyncs(): Promise<number> {
  await Promise.all(Array.from({ length: CONNECTIONS }, () => store.pool.query(FLUSH)));
  const { rows } = await store.pool.query<{ fsyncs: number }>(COUNT_FSYNCS);
  return rows[0]?.fsyncs ?? 0;
}
