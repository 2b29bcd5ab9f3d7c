import { referenceHash } from '../../../consent/authorisations.ts';
import { formatInstant } from '../../../kernel/clock.ts';
import type { PersonalNumber } from '../../../kernel/personal-number.ts';
import type { Envelope } from '../../../vault/envelope.ts';
import { isPersonHash } from '../../../vault/person-hash.ts';
import type { AuthorisationRow, ConsentRow } from '../compared-rows.repository.ts';
import { compare, compareHash, compareKnown, compareNumber, textOfJson, type Difference } from './difference.ts';
import type { EndEvents } from './end-events.ts';
import type { SignedFacts } from './signed-facts.ts';

const AUTHORISED = ['authorised', 'consumed'];
const NEVER_AUTHORISED = ['awaiting-authorisation', 'rejected'];

/** Compares what was pushed with what was signed. */
export function comparePushed(row: ConsentRow, facts: SignedFacts): readonly Difference[] {
  return [
    ...compare('consent.bank', row.bank, facts.bank),
    ...compare('consent.client_id', row.clientId, facts.clientId),
    ...compare('consent.way', row.way, facts.channel.way),
    ...compare('consent.call_initiator', row.callInitiator, callInitiatorOf(facts)),
    ...compareKnown('consent.bank_name', row.bankName, facts.bankName),
    ...compare('consent.tpp_name', row.tpp.name, facts.tpp.name),
    ...compare('consent.authorisation_number', row.tpp.authorisationNumber, facts.tpp.authorisationNumber),
    ...compare('consent.initiation', textOfJson(row.initiation), facts.initiationText),
    ...compare(
      'consent.creditor_name_verification',
      row.creditorNameVerification && textOfJson(row.creditorNameVerification),
      facts.verificationText,
    ),
    ...compareKnown('consent.created_at', row.createdAt, facts.pushedAt),
    ...compare('consent.bound_payer_hash', row.boundPayerHash ? 'bound' : 'unbound', facts.payer),
  ];
}

function callInitiatorOf({ channel }: SignedFacts): string | undefined {
  return channel.way === 'phone' ? channel.callInitiator : undefined;
}

/** The same by the authorisation, whose MAC is valid, if the evidence was erased. */
export function comparePushedWithAuthorisation(row: ConsentRow, signed: AuthorisationRow): readonly Difference[] {
  return [
    ...compare('consent.bank', row.bank, signed.bank),
    ...compare('consent.client_id', row.clientId, signed.clientId),
    ...compare('consent.initiation', textOfJson(row.initiation), signed.initiationText),
  ];
}

/** Compares the person whom the TPP named (sealed and by hash) with each other and with the signer. */
export function compareBoundPayer(
  row: ConsentRow,
  sealedHint: PersonalNumber | undefined,
  signer: PersonalNumber | undefined,
  envelope: Envelope,
): readonly Difference[] {
  if (!row.boundPayerHash && !row.loginHintSealed) return [];
  const hint = compareNumber('consent.login_hint_sealed', sealedHint, signer);
  const named = signer ?? sealedHint;
  const hash = row.boundPayerHash;
  if (named === undefined || !hash) return hint;
  return [...hint, ...compareHash('consent.bound_payer_hash', () => isPersonHash(envelope, hash, named))];
}

/** Compares the state of the consent with its authorisation and its chain. */
export function compareState(
  row: ConsentRow,
  authorisation: AuthorisationRow | undefined,
  events: EndEvents,
): readonly Difference[] {
  const hasReason = row.reason !== undefined;
  return [
    ...compareSigned(row, authorisation),
    ...(hasReason ? compareKnown('consent.reason', row.reason, events.reason) : []),
    ...compareKnown('consent.payment_reference', hashOfReference(row), events.paymentReferenceHash),
    ...compareKnown('consent.execution', row.execution, events.execution),
    ...compareKnown('consent.ended_at', row.endedAt && formatInstant(row.endedAt), events.endedAt),
  ];
}

function compareSigned(row: ConsentRow, authorisation: AuthorisationRow | undefined): readonly Difference[] {
  if (authorisation) {
    const isUnsigned = NEVER_AUTHORISED.includes(row.state);
    return isUnsigned ? [{ column: 'consent.state', problem: 'differs' }] : [];
  }
  const isSigned = AUTHORISED.includes(row.state) || row.authorisedAt !== undefined;
  return isSigned ? [{ column: 'authorisation.consent_id', problem: 'missing' }] : [];
}

function hashOfReference({ paymentReference, paymentReferenceSalt: salt }: ConsentRow): string | undefined {
  return salt && paymentReference !== undefined ? referenceHash(salt, paymentReference) : undefined;
}
