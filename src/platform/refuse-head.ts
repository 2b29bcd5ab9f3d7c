import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import type { RegisteredRoutes } from './registered-routes.ts';

/**
 * Express answers HEAD by whatever GET does, and of some GETs that is more than to show something: the way back to the TPP
 * mints a code. HEAD is for the routes that say that they change nothing.
 * @see RFC 9110 §9.2.1, §9.3.2
 */
export function refuseHead(routes: RegisteredRoutes) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const found = request.method === 'HEAD' ? routes.find(request.path) : undefined;
    if (found && !found.methods.includes('HEAD')) next(new DomainError('request.method-not-allowed'));
    else next();
  };
}
