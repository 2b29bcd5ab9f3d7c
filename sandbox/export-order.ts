import { setTimeout as delay } from 'node:timers/promises';
import { textOrEmpty, type OAuthParty } from './oauth-client.ts';

const MAX_WAIT_MS = 60_000;
const RETRY_MS = 500;

/** The service has refused an order, or it has no result. */
export class ExportRefused extends Error {}

/**
 * Orders an export as an auditor, waits until it is ready, and returns the answer that holds it.
 * @param order the body of `POST /exports`
 * @throws ExportRefused with the service's words
 */
export async function fetchExport(party: OAuthParty, order: Readonly<Record<string, unknown>>): Promise<Response> {
  const token = await party.machineToken('exports');
  const { status, body } = await party.request(token, 'POST', '/exports', order);
  if (status !== 202) throw new ExportRefused(textOrEmpty(body['detail']) || textOrEmpty(body['title']));
  const path = `/exports/${textOrEmpty(body['exportId'])}`;
  const deadline = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const { body: found } = await party.request(token, 'GET', path, undefined, { prefer: 'wait=20' });
    if (found['state'] === 'ready') return party.fetch(token, 'GET', `${path}/content`, new Headers());
    const isOpen = found['state'] === 'waiting' || found['state'] === 'running';
    if (!isOpen || performance.now() > deadline)
      throw new ExportRefused(`The export is ${textOrEmpty(found['state'])}.`);
    await delay(RETRY_MS);
  }
}
