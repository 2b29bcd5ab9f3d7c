import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/** Metadata key under which every route declares who may call it; the guard in `tpp` refuses a route without. */
export const ROUTE_DECLARATION = 'sigill:access';

/** For the edge's own routes (health, error pages, documentation), which hold nothing that is anybody's. */
export const OpenToAll = (): CustomDecorator => SetMetadata(ROUTE_DECLARATION, { kind: 'public' });

/** Metadata key of {@link ChangesNothing}. */
export const CHANGES_NOTHING = 'sigill:changes-nothing';

/** For a GET that only shows what is there, and records nothing either: HEAD is answered like it (RFC 9110 §9.2.1). */
export const ChangesNothing = (): CustomDecorator => SetMetadata(CHANGES_NOTHING, true);
