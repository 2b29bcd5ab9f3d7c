import { setTimeout as delay } from 'node:timers/promises';
import { textOrEmpty, type Answer, type OAuthParty } from './oauth-client.ts';

/** What is ordered, as `POST /exports` takes it. */
export type OrderWords = Readonly<Record<string, string>>;

const MAX_WAIT_MS = 60_000;
const RETRY_MS = 500;

/** The service has refused an order, or it has no result. */
export class ExportRefused extends Error {}

/**
 * Orders an export as an auditor, waits until it is ready, and returns the answer that holds it.
 * @throws ExportRefused with the service's words
 */
export async function fetchExport(party: OAuthParty, order: OrderWords): Promise<Response> {
  const token = await party.machineToken('exports');
  const path = `/exports/${orderedId(await party.request(token, 'POST', '/exports', order))}`;
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

/** The id of what was ordered. @param answer of `POST /exports` @throws ExportRefused with the service's words */
export function orderedId({ status, body }: Answer): string {
  if (status !== 202) throw new ExportRefused(textOrEmpty(body['detail']) || textOrEmpty(body['title']));
  return textOrEmpty(body['exportId']);
}
