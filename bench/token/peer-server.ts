import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { endWithParent, usage } from './child-process.ts';
import { PeerAdapter, type PeerStore } from './peer-adapter.ts';
import { createPeer, servePeer, servePeerOverTls, type PeerOptions } from './peer-provider.ts';

/** oidc-provider as a process of its own, on the same Postgres. */
const { values } = parseArgs({
  options: {
    facts: { type: 'string' },
    database: { type: 'string' },
    port: { type: 'string' },
    control: { type: 'string' },
  },
});
const facts = JSON.parse(readFileSync(values.facts ?? '', 'utf8')) as PeerOptions;
const store: PeerStore = { pool: new pg.Pool({ connectionString: values.database, max: 10 }), statements: 0 };
const provider = createPeer({ ...facts, adapter: (model) => new PeerAdapter(model, store) });
provider.on('server_error', (_context, error) => process.stderr.write(`${String(error)}\n`));
if (facts.extras?.tls) servePeerOverTls(provider, facts.extras.tls);
servePeer(provider).listen(Number(values.port), '127.0.0.1', () => {
  const control = createServer((_request, response) => {
    response.end(JSON.stringify({ ...usage(), statements: store.statements }));
  });
  control.listen(Number(values.control), '127.0.0.1', () => process.stdout.write('{}\n'));
});
endWithParent();
