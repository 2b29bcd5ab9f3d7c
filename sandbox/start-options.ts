import { parseArgs } from 'node:util';

export interface StartOptions {
  /** The name in an https issuer; undefined for plain http. */
  readonly tlsHost: string | undefined;
  /** The service's port; the other programs of the sandbox listen on those after it. */
  readonly port: number;
  /** Begin without the database, keys and registrations of an earlier start. */
  readonly isFresh: boolean;
}

export interface SandboxPorts {
  readonly service: number;
  readonly rp: number;
  readonly app: number;
  readonly shop: number;
  readonly metrics: number;
  readonly mtls: number;
  readonly approval: number;
}

const DEFAULT_PORT = 3000;
const HIGHEST_PORT = 65_535 - 6;

/** `npm start -- --tls --host NAME --port BASE --fresh`. @throws Error with one sentence */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tls: { type: 'boolean', default: false },
      host: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      fresh: { type: 'boolean', default: false },
    },
  });
  const { tls, host = 'localhost', port, fresh } = values;
  if (!tls && values.host !== undefined) throw new Error('--host names the https issuer: it needs --tls.');
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) throw new Error('--host is not a host name.');
  if (!/^[1-9]\d{3,4}$/.test(port) || Number(port) > HIGHEST_PORT) {
    throw new Error(`--port is the first of seven ports, from 1000 to ${HIGHEST_PORT}.`);
  }
  return { tlsHost: tls ? host : undefined, port: Number(port), isFresh: fresh };
}

/** Where the programs of a sandbox listen. */
export function sandboxPorts(base: number): SandboxPorts {
  const beside = { service: base, rp: base + 1, app: base + 2, shop: base + 3 };
  return base === DEFAULT_PORT
    ? { ...beside, metrics: 9464, mtls: 3443, approval: base + 6 }
    : { ...beside, metrics: base + 4, mtls: base + 5, approval: base + 6 };
}
