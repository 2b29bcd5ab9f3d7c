import type { IncomingMessage } from 'node:http';
import type { Environment } from '../../kernel/environment.ts';

/** Injection token of {@link VerifyPageOptions}. */
export const VERIFY_PAGE = Symbol('VERIFY_PAGE');

export interface VerifyPageOptions {
  readonly environment: Environment;
  /** The authenticated caller. @throws DomainError `caller.unauthenticated` */
  readonly callerOf: (request: IncomingMessage) => string;
}
