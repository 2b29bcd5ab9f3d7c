import { applyDecorators, SetMetadata, type CustomDecorator } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** Metadata key under which every route declares who may call it; the guard in `client-auth` refuses a route without. */
export const ROUTE_DECLARATION = 'sigill:access';

/** Of a route, or of all routes of a controller. */
export type RouteDecorator = ReturnType<typeof applyDecorators>;

/** For the edge's own routes (health, error pages, documentation), which hold no client's and no payer's data. */
export const OpenToAll = (): RouteDecorator =>
  applyDecorators(SetMetadata(ROUTE_DECLARATION, { kind: 'public' }), ApiSecurity({}));

/** Metadata key of {@link ChangesNothing}. */
export const CHANGES_NOTHING = 'sigill:changes-nothing';

/** For a GET that only shows what is there, and records nothing either: HEAD is answered like it (RFC 9110 §9.2.1). */
export const ChangesNothing = (): CustomDecorator => SetMetadata(CHANGES_NOTHING, true);

/**
 * How a route is treated when more requests come than can be answered. `first`: its callers can wait, so it is turned away first.
 * `upload`: the same, and it counts its work in hand itself. `page`: a payer waits for it. `never`: it ends a payment that was begun
 * (a repeated consumption looks like a first one until it is looked up), or shows that we are alive. Others are `ordinary`.
 */
export type LoadClass = 'first' | 'upload' | 'ordinary' | 'page' | 'never';

/** Metadata key of {@link UnderLoad}. */
export const LOAD_CLASS = 'sigill:load-class';

/** How the route is treated under load. */
export const UnderLoad = (loadClass: LoadClass): CustomDecorator => SetMetadata(LOAD_CLASS, loadClass);
