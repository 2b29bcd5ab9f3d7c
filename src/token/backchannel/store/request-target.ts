import { optionalText, text, type Row } from '../../../database/rows.ts';
import type { ConsentId, LoginId } from '../../../kernel/ids.ts';

/** What a request is for. A payment is never a login, and a login never a payment. */
export type RequestTarget =
  | { readonly purpose: 'payment'; readonly consentId: ConsentId }
  | { readonly purpose: 'login'; readonly loginId: LoginId };

/** Reads the columns `consent_id` and `login_id`, of which exactly one is set. */
export function parseTarget(row: Row): RequestTarget {
  const consentId = optionalText(row, 'consent_id');
  return consentId === undefined
    ? { purpose: 'login', loginId: text(row, 'login_id') as LoginId }
    : { purpose: 'payment', consentId: consentId as ConsentId };
}
