import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A registered client, with the private key that it signs its assertions with. */
export interface Client {
  readonly id: string;
  /** Of a bank: its resource indicator (RFC 8707). */
  readonly resource?: string;
  readonly redirectUri?: string;
  readonly privateJwk: Readonly<Record<string, unknown>> & { readonly kid?: string; readonly alg?: string };
}

interface Registered {
  readonly id: string;
  readonly resource?: string;
  readonly redirectUris?: readonly string[];
}

/** @throws Error for a client that the sandbox has not registered */
export function readClient(folder: string, id: string): Client {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'service', name), 'utf8'));
  const all = read('clients.json') as readonly Registered[];
  const registered = all.find((one) => one.id === id);
  if (!registered) throw new Error(`The sandbox has no client ${id}: it has ${all.map((one) => one.id).join(', ')}.`);
  const redirectUri = registered.redirectUris?.[0];
  return {
    id,
    ...(registered.resource === undefined ? {} : { resource: registered.resource }),
    ...(redirectUri === undefined ? {} : { redirectUri }),
    privateJwk: read(`${id}.jwk.json`) as Client['privateJwk'],
  };
}
