import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { nameCaller } from '../../operations/current-request.ts';
import {
  holderRule,
  scopeOf,
  setCaller,
  setHolder,
  type AccessRule,
  type Caller,
  type Declaration,
  type Holder,
} from '../access.ts';
import { hashToken, type AccessToken } from '../access-tokens.ts';
import { ClientRates } from '../client-rates.ts';
import { Clients } from '../../clients/clients.ts';
import { challenge, type Scheme } from './challenge.ts';
import { CallerProof, type ProvenCaller } from './caller-proof.ts';
import { KeyProof } from './key-proof.ts';
import { RouteRules } from './route-rules.ts';

/** The guard of all routes. It refuses routes that do not declare who may call them. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly rules: RouteRules,
    private readonly proof: CallerProof,
    private readonly keyProof: KeyProof,
    private readonly clients: Clients,
    private readonly rates: ClientRates,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declaration = this.rules.find(context);
    if (!declaration) throw new DomainError('caller.forbidden', { log: 'the route declares no access' });
    const rule = ruleOf(declaration);
    if (!rule) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    if (await this.rules.isOpen(declaration, request)) return true;
    try {
      if (declaration.kind === 'access') setCaller(request, (await this.#authorise(request, rule)).caller);
      else setHolder(request, await this.#findHolder(request, rule));
      return true;
    } catch (error) {
      const presented = findScheme(request.headers.authorization);
      const call = { rule, presented, withCertificates: this.keyProof.withCertificates };
      const header = challenge(error, call);
      if (header !== undefined) http.getResponse<Response>().setHeader('WWW-Authenticate', header);
      throw error;
    }
  }

  /** With a token of the client itself, or by a key or certificate alone. */
  async #findHolder(request: Request, rule: AccessRule): Promise<Holder> {
    if (request.headers.authorization === undefined) {
      return { binding: await this.keyProof.check(request), clientId: undefined };
    }
    const { token, caller } = await this.#authorise(request, rule);
    return { binding: token.binding, clientId: caller.clientId };
  }

  async #authorise(request: Request, rule: AccessRule): Promise<ProvenCaller> {
    const { scheme, token } = readToken(request.headers.authorization);
    const proven = await this.proof.check(request, { scheme, token, tokenHash: hashToken(token) });
    nameCaller(proven.caller.clientId, request.ip);
    checkRule(proven.token, proven.caller, rule);
    if (rule.rate) await this.rates.check(rule.rate, this.clients.getClient(proven.caller.clientId));
    return proven;
  }
}

/** Undefined where the guard has nothing to check. */
function ruleOf(declaration: Declaration): AccessRule | undefined {
  if (declaration.kind === 'access') return declaration.rule;
  return declaration.kind === 'request-holder' ? holderRule : undefined;
}

/**
 * In the header only (FAPI 2.0 §5.3.4). The scheme must fit the token's binding: a token bound to a DPoP key is never a
 * Bearer token (RFC 9449 §7.2).
 */
function readToken(authorization: string | undefined): { readonly scheme: Scheme; readonly token: string } {
  const scheme = findScheme(authorization);
  const token = /^[A-Za-z]+ +([A-Za-z0-9._~+/-]+=*)$/.exec(authorization ?? '')?.[1];
  if (scheme === undefined || scheme === 'other' || token === undefined) {
    throw new DomainError('caller.unauthenticated', { detail: 'A sender-constrained access token is required.' });
  }
  return { scheme, token };
}

function findScheme(authorization: string | undefined): Scheme | 'other' | undefined {
  if (authorization === undefined) return undefined;
  const word = authorization.split(' ', 1)[0]?.toLowerCase();
  return word === 'dpop' || word === 'bearer' ? word : 'other';
}

function checkRule(token: AccessToken, caller: Caller, rule: AccessRule): void {
  if (!rule.roles.includes(caller.role))
    throw new DomainError('caller.forbidden', { detail: 'The role of the caller does not permit this.' });
  if (!isSufficient(token, rule))
    throw new DomainError('caller.forbidden', { detail: `The scope ${scopeOf(rule)} is required.` });
}

function isSufficient(token: AccessToken, rule: AccessRule): boolean {
  if ('loginToken' in rule) return token.kind === 'login';
  switch (token.kind) {
    case 'consent':
      return rule.consentToken === true;
    case 'login':
      // It says who the person is. No scope makes more of it.
      return false;
    case 'machine':
      return token.scope.split(' ').includes(rule.scope);
  }
}
