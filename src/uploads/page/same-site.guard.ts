import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../kernel/errors.ts';

/** Keeps pages of other sites from using the verifier with the user's certificate, or on the user's machine. */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const site = context.switchToHttp().getRequest<Request>().headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') throw new DomainError('caller.forbidden');
    return true;
  }
}
