import type { NextFunction, Request, Response } from 'express';

const HEADER = 'x-fapi-interaction-id';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The name that a client gives one exchange comes back with the answer, if it is a UUID: nothing else that was sent does.
 * @see FAPI 2.0 Implementation and Deployment Advice §2.1.1
 */
export function echoInteractionId(request: Request, response: Response, next: NextFunction): void {
  const id = request.headers[HEADER];
  if (typeof id === 'string' && UUID.test(id)) response.setHeader(HEADER, id);
  next();
}
