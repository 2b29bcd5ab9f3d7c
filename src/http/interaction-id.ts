import type { NextFunction, Request, Response } from 'express';

const HEADER = 'x-fapi-interaction-id';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The client's own id of an exchange, if it is a UUID. */
export function findFapiInteractionId(request: Request): string | undefined {
  const id = request.headers[HEADER];
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}

/**
 * Returns the client's id of the exchange with the answer, the only input that is echoed.
 * @see FAPI 2.0 Implementation and Deployment Advice §2.1.1
 */
export function echoInteractionId(request: Request, response: Response, next: NextFunction): void {
  const id = findFapiInteractionId(request);
  if (id !== undefined) response.setHeader(HEADER, id);
  next();
}
