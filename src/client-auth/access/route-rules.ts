import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ROUTE_DECLARATION } from '../../http/route-declaration.ts';
import { OpenRequests, type Declaration } from '../access.ts';

/** What a route declares of its callers. */
@Injectable()
export class RouteRules {
  constructor(
    private readonly reflector: Reflector,
    private readonly open: OpenRequests,
  ) {}

  find(context: ExecutionContext): Declaration | undefined {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<Declaration | undefined>(ROUTE_DECLARATION, targets);
  }

  /** Whether a request without credentials is let in, because what it asks for is public. Credentials that are sent are checked. */
  async isOpen(declaration: Declaration, request: Request): Promise<boolean> {
    if (declaration.kind !== 'access' || !('openTo' in declaration.rule)) return false;
    return request.headers.authorization === undefined && this.open.isOpen(declaration.rule.openTo, request);
  }
}
