import { Agent, buildConnector } from 'undici';
import type { BankIdConfig } from '../../config/config.ts';
import { mutualTls } from '../../config/mutual-tls.ts';

/** BankID's test environment sometimes hangs at the first TLS handshake; a healthy one takes tens of milliseconds. */
const CONNECT_TIMEOUT_MS = 3_000;
/** A genuine completion is about 15 kB. */
const MAX_ANSWER_BYTES = 1_000_000;

/** Connections to BankID, kept alive and used by one request at a time. */
export function bankIdAgent(config: Pick<BankIdConfig, 'url' | 'tlsRoot' | 'client'>, connections: number): Agent {
  const connector = buildConnector({ ...mutualTls(config), timeout: CONNECT_TIMEOUT_MS, allowH2: false });
  return new Agent({
    connect: withSecondAttempt(connector),
    connections,
    pipelining: 1,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
}

/** A connect is tried twice, because nothing has been sent yet. A request is not, because BankID may have acted on it. */
function withSecondAttempt(connector: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connector(options, (...first) => {
      const [error] = first;
      if (error && isWorthSecondAttempt(error)) connector(options, callback);
      else callback(...first);
    });
  };
}

function isWorthSecondAttempt(error: Error & { readonly code?: string }): boolean {
  return error.code === 'UND_ERR_CONNECT_TIMEOUT' || error.code === 'ECONNRESET';
}
