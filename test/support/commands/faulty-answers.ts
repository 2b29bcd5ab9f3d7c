import type { DynamicModule, MiddlewareConsumer, NestModule } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** What happens to one answer of the service on its way. */
export type Fault =
  | { readonly kind: 'none' }
  /** The connection breaks in the middle of what is sent. */
  | { readonly kind: 'cut' }
  /** The same, and it stays open: nothing more comes. */
  | { readonly kind: 'stall' }
  /** An octet of it is another. */
  | { readonly kind: 'altered' }
  /** Something else is answered, which has no end. */
  | { readonly kind: 'endless' }
  /** This is answered in its place. */
  | { readonly kind: 'problem'; readonly status: number; readonly body: object; readonly headers?: object };

/** An answer with a problem document. */
export function problem(status: number, body: object, headers = {}): Fault & { kind: 'problem' } {
  const all = { type: 'about:blank', title: 'A title', status, ...body };
  // Each is asked for with a request id of the service's own, which no fault has.
  return { kind: 'problem', status, body: all, headers: { ...headers, 'x-request-id': '' } };
}

/** Requests as they arrived. */
interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string;
}

/** Answers that do not arrive as the service sent them: the faults of a test are used in their order, one for each request. */
export class FaultyAnswers {
  readonly asked: Asked[] = [];
  #faults: Fault[] = [];
  #path: RegExp = /(?!)/;

  /** From now on, requests for this path have these faults, and those after them none. */
  expect(path: RegExp, ...faults: readonly Fault[]): void {
    this.asked.length = 0;
    this.#path = path;
    this.#faults = [...faults];
  }

  /** A module of the service under test. */
  get module(): DynamicModule {
    const handle = (request: Request, response: Response, next: NextFunction): void =>
      this.#handle(request, response, next);
    class FaultyModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(handle).forRoutes('{*path}');
      }
    }
    return { module: FaultyModule };
  }

  #handle(request: Request, response: Response, next: NextFunction): void {
    if (!this.#path.test(request.originalUrl)) return next();
    const { originalUrl: path } = request;
    this.asked.push({ path, range: request.get('range'), authorization: request.get('authorization') ?? '' });
    const fault = this.#faults.shift() ?? { kind: 'none' };
    if (fault.kind === 'problem') {
      const { status, body, headers = {} } = fault;
      response
        .status(status)
        .set({ 'content-type': 'application/problem+json', ...headers })
        .send(JSON.stringify(body));
      return;
    }
    if (fault.kind === 'endless') {
      response.status(200).set('content-type', 'application/json');
      pour(response);
      return;
    }
    if (fault.kind !== 'none') spoil(response, fault.kind);
    next();
  }
}

const MEBIBYTE_OF_SPACES = Buffer.alloc(1_048_576, ' ');

/** Until the other side closes the connection. */
function pour(response: Response): void {
  while (!response.destroyed && response.write(MEBIBYTE_OF_SPACES));
  if (!response.destroyed) response.once('drain', () => pour(response));
}

function spoil(response: Response, kind: 'cut' | 'stall' | 'altered'): void {
  const write = response.write.bind(response) as (chunk: Buffer) => boolean;
  response.write = ((chunk: Buffer): boolean => {
    if (kind === 'altered') {
      const altered = Buffer.from(chunk);
      altered[Math.floor(altered.length / 2)]! ^= 1;
      return write(altered);
    }
    response.write = (): boolean => true;
    response.end = (): Response => response;
    write(chunk.subarray(0, Math.floor(chunk.length / 2)));
    if (kind === 'cut') setTimeout(() => response.socket?.destroy(), 50);
    return true;
  }) as Response['write'];
}
