import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import type { AppConfig } from '../config/config.ts';
import { ApiDocument } from './api-document.ts';
import { securityHeaders } from './security-headers.ts';

/** Settings of the HTTP server that no module can make: call it before `listen`. */
export function prepareEdge(app: NestExpressApplication, config: AppConfig): void {
  app.useLogger(app.get(Logger));
  app.flushLogs();
  app.disable('x-powered-by');
  app.disable('etag');
  // Only these may tell us whom they speak for: endUserIp is evidence.
  app.set('trust proxy', [...config.trustedProxies]);
  app.use(securityHeaders(config.issuer));
  app.get(ApiDocument).describe(app, config.issuer);
}
