import type { Caller } from '../../client-auth/access.ts';
import { DomainError } from '../../kernel/errors.ts';

/** A caller without a bank sees no evidence, even with a token for it. @throws DomainError `evidence.not-found` */
export function bankOf(caller: Caller): string {
  if (caller.bank === undefined) throw new DomainError('evidence.not-found');
  return caller.bank;
}
