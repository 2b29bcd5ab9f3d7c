import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import pg from 'pg';
import { PretendAppError, type PretendApp } from '../simulator/client.ts';
import { requestUrl } from '../simulator/request-url.ts';

/** The order in which a request waits for its person: BankID's own reference, and the person. */
export interface ApprovedOrder {
  readonly orderRef: string;
}

export interface ApprovalOptions {
  readonly port: number;
  readonly app: PretendApp;
  /** The order of a backchannel request; undefined if there is none. */
  readonly findOrder: (authReqId: string) => Promise<ApprovedOrder | undefined>;
}

/**
 * Answers a phone call in the place of its person: `POST /?auth_req_id=…&action=allow|deny`, as the OpenID Foundation's suite calls it.
 * It does what a person does in the pretend app, and the service hears of it from BankID alone. On loopback, in the sandbox only.
 */
export async function startApproval({ port, app, findOrder }: ApprovalOptions): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    const { searchParams } = requestUrl(request.url, 'http://localhost');
    const action = searchParams.get('action');
    if (request.method !== 'POST' || (action !== 'allow' && action !== 'deny')) {
      answer(response, 400, 'POST ?auth_req_id=…&action=allow|deny');
      return;
    }
    findOrder(searchParams.get('auth_req_id') ?? '')
      .then((order) => (order ? act(app, order, action) : 'unknown'))
      .then((outcome) => answer(response, outcome === 'unknown' ? 404 : 200, outcome))
      .catch((error: unknown) => answer(response, 502, error instanceof PretendAppError ? error.code : 'failed'));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function act(app: PretendApp, { orderRef }: ApprovedOrder, action: 'allow' | 'deny'): Promise<string> {
  const { requiredPersonalNumber = '' } = await app.getOrder(orderRef);
  const opened = await app.openFor(requiredPersonalNumber);
  if (opened.id !== orderRef) throw new Error('another order waits for this person');
  if (action === 'deny') {
    await app.cancel(orderRef);
    return 'denied';
  }
  await app.answerCall(orderRef, true);
  await app.sign(orderRef);
  return 'allowed';
}

function answer(response: ServerResponse, status: number, outcome: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ outcome }));
}

const FIND_ORDER = `select o.order_ref
   from backchannel_request r
   join sign_order o on split_part(o.subject, ':', 3) = coalesce(r.login_id, r.consent_id)::text
  where r.auth_req_id_hash = $1 and o.order_ref is not null
  order by o.seq desc limit 1`;

/** Looks into the sandbox's own database, where an auth_req_id is known by its hash. */
export async function findOrderIn(databaseUrl: string, authReqId: string): Promise<ApprovedOrder | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const hash = createHash('sha256').update(authReqId, 'utf8').digest();
    const { rows } = await client.query<{ readonly order_ref: string }>(FIND_ORDER, [hash]);
    return rows[0] && { orderRef: rows[0].order_ref };
  } finally {
    await client.end();
  }
}
