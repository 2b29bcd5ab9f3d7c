import { parseArgs } from 'node:util';

export interface StartOptions {
  /** The name in an https issuer; undefined for plain http. */
  readonly tlsHost: string | undefined;
  /** The service's port; the other programs of the sandbox listen on those after it. */
  readonly port: number;
  /** Begin without the database, keys and registrations of an earlier start. */
  readonly isFresh: boolean;
  /** Keep nothing: begin with an empty folder, and remove it at the end. */
  readonly isTemporary: boolean;
  /** For a program: say where everything listens in one line of JSON, and end when standard input does. */
  readonly isForProgram: boolean;
  /** Registered for the TPPs besides the usual ones. */
  readonly redirectUris: readonly string[];
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

/** `npm start -- --tls --host NAME --port BASE --fresh --temporary --json --redirect-uri URI`. @throws Error with one sentence */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tls: { type: 'boolean', default: false },
      host: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      fresh: { type: 'boolean', default: false },
      temporary: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'redirect-uri': { type: 'string', multiple: true, default: [] },
    },
  });
  const { tls, host = 'localhost', port, fresh } = values;
  if (!tls && values.host !== undefined) throw new Error('--host names the https issuer: it needs --tls.');
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) throw new Error('--host is not a host name.');
  if (!/^[1-9]\d{3,4}$/.test(port) || Number(port) > HIGHEST_PORT) {
    throw new Error(`--port is the first of seven ports, from 1000 to ${HIGHEST_PORT}.`);
  }
  return {
    tlsHost: tls ? host : undefined,
    port: Number(port),
    isFresh: fresh,
    isTemporary: values.temporary,
    isForProgram: values.json,
    redirectUris: values['redirect-uri'],
  };
}

/** Where the programs of a sandbox listen. */
export function sandboxPorts(base: number): SandboxPorts {
  const beside = { service: base, rp: base + 1, app: base + 2, shop: base + 3 };
  return base === DEFAULT_PORT
    ? { ...beside, metrics: 9464, mtls: 3443, approval: base + 6 }
    : { ...beside, metrics: base + 4, mtls: base + 5, approval: base + 6 };
}
