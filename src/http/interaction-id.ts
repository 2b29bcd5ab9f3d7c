import type { NextFunction, Request, Response } from 'express';
import { currentRequestId } from '../operations/current-request.ts';

const HEADER = 'x-fapi-interaction-id';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The client's own id of an exchange, if it is a UUID. */
export function findFapiInteractionId(request: Request): string | undefined {
  const id = request.headers[HEADER];
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}

/**
 * Returns the client's id of the exchange with the answer, the only input that is echoed; where an access token is presented without
 * one, our own id of the request.
 * @see FAPI 2.0 Implementation and Deployment Advice §2.1.1; FAPI 1.0 Baseline §6.2.1
 */
export function echoInteractionId(request: Request, response: Response, next: NextFunction): void {
  const own = request.headers.authorization === undefined ? undefined : currentRequestId();
  const id = findFapiInteractionId(request) ?? own;
  if (id !== undefined) response.setHeader(HEADER, id);
  next();
}
