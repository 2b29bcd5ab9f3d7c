import { isPayerMac, isPaymentMac } from '../../../consent/authorisations.ts';
import type { PersonalNumber } from '../../../kernel/personal-number.ts';
import type { Envelope } from '../../../vault/envelope.ts';
import { pairwiseSubject } from '../../../vault/pairwise-subject.ts';
import type { AuthorisationRow, ConsentRow, EvidenceRow } from '../compared-rows.repository.ts';
import { compare, compareHash, compareKnown, compareNumber, type Difference } from './difference.ts';
import type { EndEvents } from './end-events.ts';
import type { SignedFacts } from './signed-facts.ts';

/** What an authorisation is compared with. */
export interface AuthorisationContext {
  readonly consent: ConsentRow;
  /** The row of the consent's accepted evidence; undefined if there is none. */
  readonly evidence: EvidenceRow | undefined;
  /** From the sealed part; undefined if it was erased or cannot be decrypted. */
  readonly facts: SignedFacts | undefined;
  /** The person in `payer_sealed`; undefined if it cannot be decrypted. */
  readonly sealedPayer: PersonalNumber | undefined;
  readonly hasDataKey: boolean;
  readonly events: EndEvents;
}

/** Compares an authorisation with the consent's evidence, what was signed, and its chain. */
export function compareAuthorisation(
  row: AuthorisationRow,
  context: AuthorisationContext,
  envelope: Envelope,
): readonly Difference[] {
  const { consent, evidence, facts, events } = context;
  return [
    ...(evidence
      ? compareWithEvidence(row, evidence)
      : [{ column: 'authorisation.evidence_id', problem: 'missing' } as const]),
    ...compareKnown('authorisation.evidence_id', row.evidenceId, events.evidenceId),
    ...compareKnown('authorisation.evidence_digest', row.evidenceDigest.toString('base64url'), events.evidenceDigest),
    ...compareKnown('authorisation.environment', row.environment, facts?.environment),
    ...compare('authorisation.bank', row.bank, facts?.bank ?? consent.bank),
    ...compare('authorisation.client_id', row.clientId, facts?.clientId ?? consent.clientId),
    ...compareKnown('authorisation.initiation', row.initiationText, facts?.initiationText),
    ...compare('authorisation.authorised_at', row.authorisedAt, consent.authorisedAt),
    ...compareHash('authorisation.payment_mac', () => isPaymentMac(envelope, row.paymentMac, row)),
    ...comparePayer(row, context, envelope),
  ];
}

function compareWithEvidence(row: AuthorisationRow, evidence: EvidenceRow): readonly Difference[] {
  return [
    ...compare('authorisation.evidence_id', row.evidenceId, evidence.evidenceId),
    ...compare('evidence.kind', evidence.kind, 'accepted'),
    ...compare('authorisation.evidence_digest', row.evidenceDigest, evidence.digest),
    ...compare('authorisation.order_id', row.orderId, evidence.orderId),
    ...compare('authorisation.signed_at', row.signedAt, evidence.signedAt),
  ];
}

/** Compares the person in the row (sealed, by MAC and by pseudonym) with the signer. */
function comparePayer(
  row: AuthorisationRow,
  { facts, sealedPayer, hasDataKey }: AuthorisationContext,
  envelope: Envelope,
): readonly Difference[] {
  const signer = facts?.signer ?? sealedPayer;
  const sealed = hasDataKey ? compareNumber('authorisation.payer_sealed', sealedPayer, signer) : [];
  if (signer === undefined) return sealed;
  return [
    ...sealed,
    ...compareHash('authorisation.payer_mac', () => isPayerMac(envelope, row.payerMac, row.consentId, signer)),
    ...compare('authorisation.payer_subject', row.subject, pairwiseSubject(envelope, row.clientId, signer)),
  ];
}
