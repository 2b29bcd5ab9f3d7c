import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino, type DestinationStream, type LoggerOptions } from 'pino';
import type { LogLevel } from '../config/config.ts';
import { describeError, scrub } from './describe-error.ts';
import { kindOfLine } from './logging/kind-of-line.ts';
import { Repeats } from './repeats.ts';
import { currentRequestId } from './current-request.ts';

const STDERR = 2;
/** pino's number of the level `warn`. */
const WARN = 40;
/** How many warnings and errors of one kind are written in ten seconds; further ones are counted. */
const BURST = 20;

/** The second lock: redacts members that must never be logged, in case one is passed. */
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

/** The target of Nest's `Logger`. `requestLog` in `http` logs requests. */
export function loggingModule(logger: pino.Logger): DynamicModule {
  return LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] });
}

/**
 * JSON lines on stderr; stdout is for the output of commands. A request is described by its id, method, route pattern,
 * status and duration: never by headers, body, query string or path, which hold tokens and identifiers.
 */
export function createLogger(level: LogLevel, stream: DestinationStream = standardError()): pino.Logger {
  const repeats = new Repeats((kind, repeated) => logger.info({ kind, repeated }, 'more lines like this'));
  const logger = pino(loggerOptions(level, repeats), stream);
  return logger;
}

function standardError(): DestinationStream {
  return pino.destination({ fd: STDERR, sync: true });
}

function loggerOptions(level: LogLevel, repeats: Repeats): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: requestIdOfLine,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeAny, error: describeAny },
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    hooks: {
      // The third lock: a message may quote input from outside.
      logMethod(args, method, at) {
        if (at >= WARN && !repeats.admits(scrub(kindOfLine(args)), BURST)) return;
        const scrubbed = args.map((arg: unknown) => (typeof arg === 'string' ? scrub(arg) : arg));
        method.apply(this, scrubbed as typeof args);
      },
    },
  };
}

function requestIdOfLine(): object {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { requestId };
}

/** Leaves an error that has already been described as it is. */
function describeAny(error: unknown): unknown {
  return error instanceof Error ? describeError(error) : error;
}
