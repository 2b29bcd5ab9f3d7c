import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import type { Handler } from '../request/in-order.ts';
import { findFapiInteractionId } from '../interaction-id.ts';
import type { RequestLog } from '../request/request-log.ts';
import { RETRY_AFTER_SECONDS } from '../problems.ts';
import type { BusyEndpoints } from '../shedding.ts';
import { commonHeaders } from '../security-headers.ts';
import { Load, SHED } from './load.ts';

/**
 * Sheds the busy endpoints' requests before routing, with the answer that {@link LoadGuard} would give: it is made once,
 * and costs a third. At ten times the capacity there are ten such answers for each request that is processed.
 */
export function shedEarly(
  app: INestApplicationContext,
  log: RequestLog,
  isHttps: boolean,
  { classes, bodyOf }: BusyEndpoints,
): Handler {
  const load = app.get(Load, { strict: false });
  const body = bodyOf(SHED);
  const headers = [
    ...commonHeaders(isHttps).flat(),
    ...['Retry-After', RETRY_AFTER_SECONDS, 'Content-Type', 'application/json; charset=utf-8'],
    ...['Content-Length', String(Buffer.byteLength(body))],
  ];
  return (request, response, next) => {
    const loadClass = request.method === 'POST' ? classes.get(request.url) : undefined;
    if (loadClass === undefined || !load.turnsAway(loadClass)) return next();
    const requestId = randomUUID();
    const fapiInteractionId = findFapiInteractionId(request);
    const own = fapiInteractionId === undefined ? [] : ['x-fapi-interaction-id', fapiInteractionId];
    response.writeHead(503, [...headers, 'X-Request-Id', requestId, ...own]).end(body);
    const exchange = { requestId, method: 'POST', route: request.url, status: 503, ms: 0, fapiInteractionId };
    log({ ...exchange, client: undefined, claimedClient: undefined }, SHED);
  };
}
