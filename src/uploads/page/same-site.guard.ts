import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../kernel/errors.ts';

/** A page of another site must not use this machine, or its user's certificate, as its verifier. */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const site = context.switchToHttp().getRequest<Request>().headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') throw new DomainError('caller.forbidden');
    return true;
  }
}
