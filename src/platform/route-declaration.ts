import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/** Metadata key under which every route declares who may call it; the guard in `tpp` refuses a route without. */
export const ROUTE_DECLARATION = 'sigill:access';

/** For the edge's own routes (health, error pages, documentation), which hold nothing that is anybody's. */
export const OpenToAll = (): CustomDecorator => SetMetadata(ROUTE_DECLARATION, { kind: 'public' });

/** Metadata key of {@link ChangesNothing}. */
export const CHANGES_NOTHING = 'sigill:changes-nothing';

/** For a GET that only shows what is there, and records nothing either: HEAD is answered like it (RFC 9110 §9.2.1). */
export const ChangesNothing = (): CustomDecorator => SetMetadata(CHANGES_NOTHING, true);

/**
 * How a route is treated when more is asked than can be answered. `first`: it is turned away first, for it can wait. `upload`: so
 * too, and it counts its work in hand itself. `page`: a payer waits for it. `never`: it is how a payment that was begun ends (a
 * repeated consumption is not told from a first one before it is looked up), or how we say that we live. Others are `ordinary`.
 */
export type LoadClass = 'first' | 'upload' | 'ordinary' | 'page' | 'never';

/** Metadata key of {@link UnderLoad}. */
export const LOAD_CLASS = 'sigill:load-class';

/** How the route is treated under load. */
export const UnderLoad = (loadClass: LoadClass): CustomDecorator => SetMetadata(LOAD_CLASS, loadClass);
