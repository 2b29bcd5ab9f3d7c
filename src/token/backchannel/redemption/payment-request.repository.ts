import { subjectOf } from '../../../consent/consents.ts';
import { maybeRow, type Scope } from '../../../database/database.ts';
import { bytes, text } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import type { AskedPayment } from '../store/sealed-payment-request.ts';

/** What a client signed, sealed under the data key of the subject. */
export interface SealedPaymentRequest {
  readonly subject: string;
  readonly sealed: Buffer;
}

const FIND_PAYMENT_REQUEST = statement(
  'token.findSealedPaymentRequest',
  `select ${subjectOf('c')} as subject, r.request_object_sealed
     from backchannel_request r join consent c on c.id = r.consent_id
    where r.auth_req_id_hash = $1 and r.consent_id = $2::uuid`,
);

export async function findPaymentRequest(
  scope: Scope,
  { authReqIdHash, consentId }: AskedPayment,
): Promise<SealedPaymentRequest | undefined> {
  return maybeRow(scope, FIND_PAYMENT_REQUEST, [authReqIdHash, consentId], (row) => ({
    subject: text(row, 'subject'),
    sealed: bytes(row, 'request_object_sealed'),
  }));
}
