import { applyDecorators, createParamDecorator, Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import type { ErrorCode } from '../kernel/errors.ts';
import type { ClientId, ConsentId, LoginId } from '../kernel/ids.ts';
import { ROUTE_DECLARATION, type RouteDecorator } from '../http/route-declaration.ts';
import type { RateKind, Role, Scope } from '../clients/clients.ts';
import type { TokenBinding } from './token-binding.ts';

/** An authenticated caller, proven by a sender-constrained access token. */
export interface Caller {
  readonly clientId: ClientId;
  readonly name: string;
  readonly role: Role;
  /** A bank's own client id; an auditor's bank; undefined for a TPP. It is a condition of every query. */
  readonly bank: ClientId | undefined;
  /** Set if the call has a consent's own access token, which gives access to this consent only. */
  readonly consentId: ConsentId | undefined;
  /** Set if the call has the access token of a login, which gives access to what that login says of the person. */
  readonly loginId: LoginId | undefined;
}

/** What its owner may make public: the logs of a bank. */
export type Openable = 'public-log';

/** Which requests need no credentials, although their route takes them. */
@Injectable()
export class OpenRequests {
  readonly #rules = new Map<Openable, (request: Request) => Promise<boolean>>();

  /** Call it in a constructor. */
  add(openable: Openable, isOpen: (request: Request) => Promise<boolean>): void {
    this.#rules.set(openable, isOpen);
  }

  /** False where nothing says so. */
  async isOpen(openable: Openable, request: Request): Promise<boolean> {
    return (await this.#rules.get(openable)?.(request)) ?? false;
  }
}

export type AccessRule = ScopeRule | LoginRule;

interface ScopeRule extends AnyRule {
  /** The scope that a `client_credentials` token must have. */
  readonly scope: Scope;
  /** True: a consent's own access token is accepted as well; the service compares {@link Caller.consentId}. */
  readonly consentToken?: boolean;
  /** Set where a request for what is public needs no token. */
  readonly openTo?: Openable;
}

/** The access token of a login is accepted, and no other. */
interface LoginRule extends AnyRule {
  readonly loginToken: true;
}

interface AnyRule {
  readonly roles: readonly [Role, ...Role[]];
  /** The rate limit of each client against which calls count. */
  readonly rate?: RateKind;
}

/** The scope that a sufficient token has. */
export function scopeOf(rule: AccessRule): string {
  return 'loginToken' in rule ? 'openid' : rule.scope;
}

/** Who may call a route. The guard refuses routes without a declaration. */
export type Declaration =
  | { readonly kind: 'public' }
  | { readonly kind: 'access'; readonly rule: AccessRule }
  | { readonly kind: 'client-authentication' }
  | { readonly kind: 'bound-browser' }
  | { readonly kind: 'request-holder' };

/** Anyone may call it. */
export const Public = (): RouteDecorator =>
  applyDecorators(SetMetadata(ROUTE_DECLARATION, { kind: 'public' } satisfies Declaration), ApiSecurity({}));

/** Callers with a sender-constrained access token (RFC 9449 §7.1) of one of these roles and with this scope. */
export const Access = (rule: AccessRule): RouteDecorator =>
  applyDecorators(
    SetMetadata(ROUTE_DECLARATION, { kind: 'access', rule } satisfies Declaration),
    ApiSecurity({ accessToken: [scopeOf(rule)], certificate: [] }),
    ApiSecurity({ accessToken: [scopeOf(rule)], dpop: [] }),
    ...('openTo' in rule ? [ApiSecurity({})] : []),
  );

/** The codes with which the guard refuses calls of a route that declares {@link Access}. */
export const accessCodes = [
  'caller.unauthenticated',
  'caller.forbidden',
  'client.certificate-invalid',
  'dpop.missing',
  'dpop.invalid',
  'dpop.replayed',
  'dpop.nonce-required',
] as const satisfies readonly ErrorCode[];

/** An OAuth endpoint: the client authenticates in the form (RFC 7523), which the endpoint checks first. */
export const ClientAuthentication = (): RouteDecorator =>
  applyDecorators(
    SetMetadata(ROUTE_DECLARATION, { kind: 'client-authentication' } satisfies Declaration),
    ApiSecurity('certificate'),
    ApiSecurity('clientAssertion'),
  );

/** What a token of the client itself must be good for on a route that declares {@link RequestHolder}. */
export const holderRule: AccessRule = { roles: ['tpp', 'rp'], scope: 'consents' };

/**
 * The holder of a backchannel request: the endpoint compares the proven key or certificate, or the client, with what the request is
 * bound to. A proof comes alone, because the app that holds a key has no token yet; a token is the client's own.
 */
export const RequestHolder = (): RouteDecorator =>
  applyDecorators(
    SetMetadata(ROUTE_DECLARATION, { kind: 'request-holder' } satisfies Declaration),
    ApiSecurity({ dpop: [] }),
    ApiSecurity({ certificate: [] }),
    ApiSecurity({ accessToken: [holderRule.scope], dpop: [] }),
    ApiSecurity({ accessToken: [holderRule.scope], certificate: [] }),
  );

/** The payer's browser: the endpoint compares the cookie with the interaction that it is bound to. */
export const BoundBrowser = (): RouteDecorator =>
  applyDecorators(
    SetMetadata(ROUTE_DECLARATION, { kind: 'bound-browser' } satisfies Declaration),
    ApiSecurity('browser'),
  );

const callers = new WeakMap<object, Caller>();

/** For the guard only: records the authenticated caller of the request. */
export function setCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** @throws if the route does not declare `@Access`, which is a bug that any test of the route finds */
export function getCaller(request: object): Caller {
  const caller = callers.get(request);
  if (!caller) throw new TypeError('a route reads its caller but does not declare @Access');
  return caller;
}

/** A proven key or certificate, and the client whose own token came with it, if one did. */
export interface Holder {
  readonly binding: TokenBinding;
  readonly clientId: ClientId | undefined;
}

const holders = new WeakMap<object, Holder>();

/** For the guard only: records who holds the request. */
export function setHolder(request: object, holder: Holder): void {
  holders.set(request, holder);
}

/** The holder at a route that declares {@link RequestHolder}. */
export const CurrentHolder = createParamDecorator((_: unknown, context: ExecutionContext): Holder => {
  const holder = holders.get(context.switchToHttp().getRequest<object>());
  if (!holder) throw new TypeError('a route reads its holder but does not declare @RequestHolder');
  return holder;
});

/** The caller of a route that is open to some requests; undefined where it came without credentials. */
export const OptionalCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller | undefined =>
  callers.get(context.switchToHttp().getRequest<object>()),
);

/** The caller of a route that declares {@link Access}. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  getCaller(context.switchToHttp().getRequest<object>()),
);
