import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { toDomainError } from '../../platform/problems.ts';
import { oauthErrorOf } from './oauth-errors.ts';
import { formEndpoints } from './method-not-allowed.controller.ts';

const paths: ReadonlySet<string> = new Set(formEndpoints.map((path) => `/${path}`));

/**
 * A body that is too large, packed or broken is refused before any controller is chosen, and so before its filter: this
 * handler stands behind the parsers and answers in the form of the OAuth endpoints.
 */
@Injectable()
export class BodyErrors implements OnModuleInit {
  readonly #host: HttpAdapterHost;

  constructor(host: HttpAdapterHost) {
    this.#host = host;
  }

  /** After the parsers, before the last error handler of the application. */
  onModuleInit(): void {
    // Commands run without any HTTP adapter.
    const adapter = this.#host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    adapter?.use(answerBodyError);
  }
}

function answerBodyError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  const answer = oauthErrorOf(toDomainError(error));
  if (!paths.has(request.path) || answer.status === 500 || response.headersSent) {
    next(error);
    return;
  }
  response.status(answer.status).setHeader('Cache-Control', 'no-store').json(answer.body);
}
