import type { ConsentId } from '../../../kernel/ids.ts';
import { consentSubject } from '../../../kernel/subject.ts';
import type { EvidenceRow } from '../compared-rows.repository.ts';
import { compare, compareKnown, type Difference } from './difference.ts';
import type { SignedFacts } from './signed-facts.ts';

/** Compares the open columns with the sealed part; `facts` is undefined if that was erased or cannot be decrypted. */
export function compareEvidence(row: EvidenceRow, facts: SignedFacts | undefined): readonly Difference[] {
  const subject = consentSubject(row.bank, row.consentId as ConsentId);
  return [...compare('evidence.subject', row.subject, subject), ...(facts ? compareSealed(row, facts) : [])];
}

function compareSealed(row: EvidenceRow, facts: SignedFacts): readonly Difference[] {
  return [
    ...compare('evidence.consent_id', row.consentId, facts.consentId),
    ...compare('evidence.bank', row.bank, facts.bank),
    ...compare('evidence.client_id', row.clientId, facts.clientId),
    ...compare('evidence.environment', row.environment, facts.environment),
    ...compareKnown('evidence.order_id', row.orderId, facts.orderId),
    ...compare('evidence.signed_at', row.signedAt, facts.signedAt),
    ...compareKnown('evidence.received_at', row.receivedAt, facts.receivedAt),
  ];
}
