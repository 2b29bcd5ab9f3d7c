import { applyDecorators, SetMetadata, type CustomDecorator } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** Metadata key under which every route declares who may call it; the guard in `client-auth` refuses routes without it. */
export const ROUTE_DECLARATION = 'sigill:access';

/** For a route, or all routes of a controller. */
export type RouteDecorator = ReturnType<typeof applyDecorators>;

/** For the edge's own routes (health, error pages, documentation), which show no data of clients or payers. */
export const OpenToAll = (): RouteDecorator =>
  applyDecorators(SetMetadata(ROUTE_DECLARATION, { kind: 'public' }), ApiSecurity({}));

/** Metadata key of {@link ChangesNothing}. */
export const CHANGES_NOTHING = 'sigill:changes-nothing';

/** For a GET that changes and records nothing, which also answers HEAD (RFC 9110 §9.2.1). */
export const ChangesNothing = (): CustomDecorator => SetMetadata(CHANGES_NOTHING, true);

/**
 * How a route is treated when there are more requests than can be answered. `first`: its callers can wait, so it is shed first.
 * `upload`: the same, but it counts its own work in hand. `page`: a payer waits for it. `never`: it completes a payment that was begun
 * (a repeated consumption looks like a first one until it is looked up), is a health check, or a file of a page: its bytes are in memory,
 * and a browser does not ask again for the script of a page. Others are `ordinary`.
 */
export type LoadClass = 'first' | 'upload' | 'ordinary' | 'page' | 'never';

/** Metadata key of {@link UnderLoad}. */
export const LOAD_CLASS = 'sigill:load-class';

/** Declares how the route is treated under load. */
export const UnderLoad = (loadClass: LoadClass): CustomDecorator => SetMetadata(LOAD_CLASS, loadClass);
