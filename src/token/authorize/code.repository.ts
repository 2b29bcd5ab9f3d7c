import { happened, type EventParams } from '../../audit/audit-trail.ts';
import { granted, type GrantedParams } from '../../consent/consents.ts';
import type { InteractionId } from '../../kernel/ids.ts';
import { compose, step } from '../../platform/composition.ts';
import type { Scope } from '../../platform/database.ts';
import { bool } from '../../platform/rows.ts';
import { parseAddress, type ReturnAddress } from '../par/authorization-request.repository.ts';

interface CodedParams {
  readonly interaction_id: InteractionId;
  readonly now: Date;
  readonly code_hash: Buffer;
  readonly code_expires_at: Date;
}

/**
 * Uses up the request_uri and stores or replaces the code; nothing when the code was redeemed before. The consent is locked
 * before the request, as everywhere. The request is found by what the browser came with: by the consent alone, a plan made while
 * the table was small would read all of it.
 */
const coded = step<CodedParams>(
  'coded',
  `update authorization_request r
      set used_at = coalesce(r.used_at, $now::timestamptz), code_hash = $code_hash, code_expires_at = $code_expires_at,
          authorised_consent_id = r.consent_id
     from granted g
    where r.interaction_id = $interaction_id and r.consent_id = g.id and r.code_used_at is null
   returning r.redirect_uri, r.state, g.subject`,
);

/** Transaction C. A grant without a code changes nothing: a redeemed code was given to a browser that had come back. */
const issueCode = compose(
  [granted, coded, happened('coded')],
  `select exists (select from granted) as granted, c.redirect_uri is not null as coded, c.redirect_uri, c.state
     from (values (1)) as always (once) left join coded c on true`,
);

/** The way back with the new code; `redeemed` when an earlier code was redeemed before. Undefined where there is no grant. */
export function replaceCode(
  scope: Scope,
  params: GrantedParams & CodedParams & EventParams,
): Promise<ReturnAddress | 'redeemed' | undefined> {
  return issueCode.run(scope, params, (row) => {
    if (!bool(row, 'granted')) return undefined;
    return bool(row, 'coded') ? parseAddress(row) : 'redeemed';
  });
}
