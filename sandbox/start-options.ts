import { parseArgs } from 'node:util';

export interface StartOptions {
  /** The name in an https issuer; undefined for plain http. */
  readonly tlsHost: string | undefined;
}

/** `npm start -- --tls --host NAME`. @throws Error with one sentence */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { tls: { type: 'boolean', default: false }, host: { type: 'string' } },
  });
  const { tls, host = 'localhost' } = values;
  if (!tls && values.host !== undefined) throw new Error('--host names the https issuer: it needs --tls.');
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) throw new Error('--host is not a host name.');
  return { tlsHost: tls ? host : undefined };
}
