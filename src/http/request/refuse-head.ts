import type { NextFunction, Request, Response } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import type { RegisteredRoutes } from '../errors/registered-routes.ts';

/**
 * Express answers HEAD with the handler of GET, and some of those have effects: the return to the TPP issues a
 * code. So only routes that declare `@ChangesNothing` accept HEAD.
 * @see RFC 9110 §9.2.1, §9.3.2
 */
export function refuseHead(routes: RegisteredRoutes) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const found = request.method === 'HEAD' ? routes.find(request.path) : undefined;
    if (found && !found.methods.includes('HEAD')) next(new DomainError('request.method-not-allowed'));
    else next();
  };
}
