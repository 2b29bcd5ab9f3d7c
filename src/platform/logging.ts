import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino, type DestinationStream, type LoggerOptions } from 'pino';
import type { Options } from 'pino-http';
import type { LogLevel } from '../config/config.ts';
import { describeError, scrub } from './describe-error.ts';

const STDERR = 2;

/** The second lock: members that never belong into a log, should one ever get there. */
const redacted = [
  'headers',
  'body',
  'query',
  'params',
  'cookie',
  'authorization',
  'token',
  'accessToken',
  'assertion',
  'personalNumber',
  'signature',
  'ocspResponse',
  'completionData',
  'passphrase',
  'password',
  'key',
];

/**
 * JSON lines on stderr, so that stdout belongs to what a command prints. A request is told by its id, method, route pattern,
 * status and duration: never by headers, body, query string or path, which hold tokens and identifiers.
 */
export function loggingModule(level: LogLevel, stream: DestinationStream = standardError()): DynamicModule {
  return LoggerModule.forRoot({ pinoHttp: [requestLogging(level), stream] });
}

/** For a program without Nest's container. */
export function createLogger(level: LogLevel, stream: DestinationStream = standardError()): pino.Logger {
  return pino(loggerOptions(level), stream);
}

function standardError(): DestinationStream {
  return pino.destination({ fd: STDERR, sync: true });
}

function loggerOptions(level: LogLevel): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeAny, error: describeAny },
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    hooks: {
      // The third lock: a message written by hand may quote what came from outside.
      logMethod(args, method) {
        const scrubbed = args.map((arg: unknown) => (typeof arg === 'string' ? scrub(arg) : arg));
        method.apply(this, scrubbed as typeof args);
      },
    },
  };
}

function requestLogging(level: LogLevel): Options {
  const options = loggerOptions(level);
  return {
    ...options,
    // Bound to a logger whether or not it is quiet: whole requests would be read, redacted and written to no log.
    serializers: { ...options.serializers, req: nothing, res: nothing },
    genReqId: () => randomUUID(),
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    customAttributeKeys: { reqId: 'requestId' },
    autoLogging: { ignore: (request) => request.url?.startsWith('/health/') ?? false },
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request answered with an error',
    customSuccessObject: (request, response, value: { readonly responseTime?: number }) =>
      describeRequest(request, response, value.responseTime),
    customErrorObject: (request, response, _error, value: { readonly responseTime?: number }) =>
      describeRequest(request, response, value.responseTime),
  };
}

function describeRequest(request: IncomingMessage, response: ServerResponse, ms: number | undefined): object {
  const { route } = request as { readonly route?: { readonly path?: unknown } };
  const path = typeof route?.path === 'string' ? route.path : 'none';
  return { method: request.method, route: path, status: response.statusCode, ms };
}

function nothing(): undefined {
  return undefined;
}

/** An error that was described already stays as it is. */
function describeAny(error: unknown): unknown {
  return error instanceof Error ? describeError(error) : error;
}
