import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { JWK } from 'jose';
import { Pool } from 'undici';
import { percentile } from '../percentile.ts';
import { ClientKeys } from '../token/client-keys.ts';
import type { Polled, PollerCommand } from './commands.ts';

/**
 * A TPP with many persons before its QR codes: makes backchannel requests, and polls each at its own moment of the interval. Each poll has
 * a client assertion and a DPoP proof of its own. It is a process of its own, so that the service is not charged for sending requests.
 */
const { values } = parseArgs({
  options: { issuer: { type: 'string' }, client: { type: 'string' }, resource: { type: 'string' } },
});
const { issuer = '', resource = '' } = values;
const { id, privateJwk } = JSON.parse(values.client ?? '') as { id: string; privateJwk: JWK };

const CIBA = 'urn:openid:params:grant-type:ciba';
const REQUEST_AT_ONCE = 8;
const CONNECTIONS = 100;

const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
};
const keys = new ClientKeys(id, privateJwk);
const pool = new Pool(issuer, { connections: CONNECTIONS, headersTimeout: 60_000 });
const waiting: string[] = [];

process.on('disconnect', () => process.exit(0));
process.on('message', (command: PollerCommand) => {
  void run(command).then((answer) => process.send?.(answer));
});
process.send?.('ready');

function run(command: PollerCommand): Promise<object> {
  return command.do === 'request' ? request(command.count) : poll(command.seconds, command.everySeconds);
}

async function request(count: number): Promise<object> {
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      waiting.push(await requestOne());
    }
  };
  await Promise.all(Array.from({ length: REQUEST_AT_ONCE }, work));
  return { waiting: waiting.length };
}

async function requestOne(): Promise<string> {
  const parameters = {
    bankid_start: 'qr',
    end_user_ip: '127.0.0.1',
    requested_expiry: 600,
    resource,
    authorization_details: [payment],
  };
  const answer = await post('/backchannel', { request: keys.request(issuer, parameters) });
  const { auth_req_id: authReqId } = answer;
  if (authReqId === undefined) throw new Error(`a request was refused: ${JSON.stringify(answer)}`);
  return authReqId;
}

/** For some seconds, each request once an interval, spread evenly over it. */
async function poll(seconds: number, everySeconds: number): Promise<Polled> {
  const everyMs = everySeconds * 1000;
  const begun = performance.now();
  const taken: number[] = [];
  const others: Record<string, number> = {};
  const one = async (authReqId: string, due: number): Promise<void> => {
    const { error = 'none' } = await post('/token', { grant_type: CIBA, auth_req_id: authReqId });
    if (error === 'authorization_pending') taken.push(performance.now() - due);
    else others[error] = (others[error] ?? 0) + 1;
  };
  const person = async (authReqId: string, at: number): Promise<void> => {
    const first = begun + (everyMs * at) / waiting.length;
    for (let due = first; due < begun + seconds * 1000; due += everyMs) {
      await delay(Math.max(0, due - performance.now()));
      await one(authReqId, due);
    }
  };
  await Promise.all(waiting.map(person));
  return { polls: taken.length, p50Ms: percentile(taken, 0.5), p99Ms: percentile(taken, 0.99), others };
}

async function post(path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', dpop: keys.proof(`${issuer}${path}`) };
  const body = new URLSearchParams({ ...keys.credentials(issuer), ...fields }).toString();
  const answer = await pool.request({ method: 'POST', path, headers, body });
  return (await answer.body.json()) as Record<string, string>;
}
