import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { Logger as PinoLogger } from 'pino';
import type { BusyEndpoints } from './shedding.ts';
import { shedEarly } from './shedding/early-shedding.ts';
import { plainForwardedFor } from './request/forwarded-for.ts';
import { inOrder, type Handler } from './request/in-order.ts';
import { behindProxies, limitListener } from './listener.ts';
import { requestLog } from './request/request-log.ts';
import { Metrics } from '../operations/metrics.ts';
import { refuseHead } from './request/refuse-head.ts';
import { RegisteredRoutes } from './errors/registered-routes.ts';
import { requestScope } from './request/request-scope.ts';
import { securityHeaders } from './security-headers.ts';

export interface HttpShape {
  readonly logger: PinoLogger;
  /** Whether browsers reach us over https. */
  readonly isHttps: boolean;
  /** Addresses and ranges whose forwarded headers are trusted. */
  readonly trustedProxies: readonly string[];
  /** The endpoints whose requests are shed before anything else is done. */
  readonly busyEndpoints?: BusyEndpoints;
  /** Further middleware before routing. */
  readonly further?: readonly Handler[];
}

/** What all our HTTP applications share: limits, request log, trusted proxies, request scope and headers. */
export function shapeHttp(
  app: NestExpressApplication,
  { logger, isHttps, trustedProxies, busyEndpoints, further = [] }: HttpShape,
): NestExpressApplication {
  const log = requestLog(logger);
  limitListener(app.getHttpServer(), behindProxies(trustedProxies));
  app.useLogger(app.get(Logger));
  app.set('trust proxy', trustedProxies.length === 0 ? false : [...trustedProxies]);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(
    inOrder([
      ...(busyEndpoints ? [shedEarly(app, log, isHttps, busyEndpoints)] : []),
      plainForwardedFor,
      requestScope(log, app.get(Metrics)),
      securityHeaders(isHttps),
      refuseHead(app.get(RegisteredRoutes)),
      ...further,
    ]),
  );
  return app;
}
