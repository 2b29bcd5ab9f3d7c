import { bindingColumns, type TokenBinding } from '../../client-auth/token-binding.ts';
import { optionalText, type Row } from '../../database/rows.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { CODE_SECONDS } from '../oauth/lifetimes.ts';

/** What a client presents with a code. */
export interface PresentedCode {
  readonly codeHash: Buffer;
  readonly clientId: ClientId;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly binding: TokenBinding;
  readonly now: Date;
}

/** Why a code of this client was refused. */
export type CodeFault = 'used' | 'expired' | 'redirect-uri' | 'verifier' | 'key';

/**
 * The fault of a code that was refused, for the query `select …, ${CODE_FAULT} as fault from … where code_hash = $1 and client_id = $2`
 * with {@link faultValues}. Another client's code must look like an unknown one, so the client is in the condition of the query.
 */
export const CODE_FAULT = `case when code_used_at is not null then 'used'
        when code_expires_at <= $3::timestamptz then 'expired'
        when redirect_uri <> $4 then 'redirect-uri'
        when code_challenge <> $5 then 'verifier'
        when dpop_jkt is not null and dpop_jkt is distinct from $6::text then 'key' end`;

export function faultValues({
  codeHash,
  clientId,
  now,
  redirectUri,
  codeChallenge,
  binding,
}: PresentedCode): readonly unknown[] {
  const [jkt] = bindingColumns(binding);
  return [codeHash, clientId, now, redirectUri, codeChallenge, jkt];
}

export function faultOf(row: Row): CodeFault | undefined {
  return optionalText(row, 'fault') as CodeFault | undefined;
}

const faults: Readonly<Record<CodeFault, readonly [pointer: string, detail: string]>> = {
  used: ['/code', 'This code has been used before, so its token has been revoked.'],
  expired: ['/code', `This code has expired: it is valid for ${CODE_SECONDS} seconds.`],
  'redirect-uri': ['/redirect_uri', 'This is not the redirect_uri that was pushed.'],
  verifier: ['/code_verifier', 'This is not the verifier of the code_challenge that was pushed.'],
  key: ['', 'The code is bound to another key: prove the key that the push named by dpop_jkt or by a DPoP proof.'],
};

/**
 * The refusal of a code. Only the client that pushed, authenticated, is told which fault it was: for every other client the code is
 * unknown.
 * @see RFC 6749 §5.2
 */
export function codeRefused(fault: CodeFault | undefined): DomainError {
  const [pointer, detail] = fault ? faults[fault] : ['/code', 'This code is unknown, or a later one has replaced it.'];
  return new DomainError('grant.invalid', { pointer, detail });
}
