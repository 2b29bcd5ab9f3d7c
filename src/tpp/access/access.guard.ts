import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { ROUTE_DECLARATION } from '../../platform/route-declaration.ts';
import { setCaller, type AccessRule, type Caller, type Declaration } from '../access.ts';
import { hashToken, type AccessToken } from '../access-tokens.ts';
import { challenge } from './challenge.ts';
import { CallerProof } from './caller-proof.ts';

/** The one guard of all routes. A route that does not declare who may call it is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #proof: CallerProof;

  constructor(reflector: Reflector, proof: CallerProof) {
    this.#reflector = reflector;
    this.#proof = proof;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const declaration = this.#reflector.getAllAndOverride<Declaration | undefined>(ROUTE_DECLARATION, targets);
    if (!declaration) throw new DomainError('caller.forbidden', { log: 'the route declares no access' });
    if (declaration.kind !== 'access') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    try {
      setCaller(request, await this.#authorise(request, declaration.rule));
      return true;
    } catch (error) {
      const header = challenge(error, declaration.rule, request.headers.authorization !== undefined);
      if (header !== undefined) http.getResponse<Response>().setHeader('WWW-Authenticate', header);
      throw error;
    }
  }

  async #authorise(request: Request, rule: AccessRule): Promise<Caller> {
    const presented = readToken(request.headers.authorization);
    const proven = await this.#proof.check({
      token: presented,
      tokenHash: hashToken(presented),
      proof: request.headers['dpop'],
      method: request.method,
      path: request.originalUrl.replace(/[?#].*$/s, ''),
    });
    checkRule(proven.token, proven.caller, rule);
    return proven.caller;
  }
}

/** In the header only (FAPI 2.0 §5.3.4), with the scheme DPoP: a bound token is never a Bearer token (RFC 9449 §7.2). */
function readToken(authorization: string | undefined): string {
  const match = /^DPoP +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '');
  if (!match?.[1])
    throw new DomainError('caller.unauthenticated', { detail: 'A DPoP-bound access token is required.' });
  return match[1];
}

function checkRule(token: AccessToken, caller: Caller, rule: AccessRule): void {
  if (!rule.roles.includes(caller.role)) throw new DomainError('caller.forbidden', { detail: 'Not for this role.' });
  const sufficient =
    token.kind === 'consent' ? rule.consentToken === true : token.scope.split(' ').includes(rule.scope);
  if (!sufficient) throw new DomainError('caller.forbidden', { detail: `The scope ${rule.scope} is required.` });
}
