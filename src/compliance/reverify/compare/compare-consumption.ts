import { isConsumeRequest } from '../../../consent/authorisations.ts';
import { formatInstant } from '../../../kernel/clock.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { PersonalNumber } from '../../../kernel/personal-number.ts';
import type { Envelope } from '../../../vault/envelope.ts';
import type { AuthorisationRow, ConsentRow } from '../compared-rows.repository.ts';
import { textAt } from '../read-kept.ts';
import { compare, compareHash, textOfJson, type Difference } from './difference.ts';

/**
 * Compares a consumption with what was signed. `consume_request_hash` is made from the bank's whole call, under a key that is not
 * in the database: it covers token, payment with the account that the bank added, payer and reference.
 */
export function compareConsumption(
  row: ConsentRow,
  signed: AuthorisationRow,
  payer: PersonalNumber | undefined,
  envelope: Envelope,
): readonly Difference[] {
  if (row.state !== 'consumed') return [];
  return [
    ...compareAnswer(row, signed),
    ...compareAccount(row, signed),
    ...compareRequest(row, signed, payer, envelope),
  ];
}

/** Compares the answer that the bank got, member by member. */
function compareAnswer(row: ConsentRow, signed: AuthorisationRow): readonly Difference[] {
  const { consentId, paymentReference, endedAt, consumeAnswer = {} } = row;
  const consumedAt = textAt(consumeAnswer, 'consumedAt');
  const answer: JsonObject = {
    consentId,
    state: 'consumed',
    consumedAt: consumedAt ?? '',
    paymentReference: paymentReference ?? '',
    evidenceDigest: signed.evidenceDigest.toString('base64url'),
  };
  return [
    ...compare('consent.consume_answer', textOfJson(consumeAnswer), textOfJson(answer)),
    ...compare('consent.ended_at', endedAt && formatInstant(endedAt), consumedAt),
  ];
}

/** A bank adds an account only where the payer left it open. */
function compareAccount({ debtorAccount }: ConsentRow, { initiationText }: AuthorisationRow): readonly Difference[] {
  const isNamed = 'debtorAccount' in (JSON.parse(initiationText) as object);
  return isNamed && debtorAccount ? [{ column: 'consent.debtor_account', problem: 'differs' }] : [];
}

function compareRequest(
  row: ConsentRow,
  signed: AuthorisationRow,
  payer: PersonalNumber | undefined,
  envelope: Envelope,
): readonly Difference[] {
  const { consentId, liveTokenHash, paymentReference, consumeRequestHash, debtorAccount } = row;
  const column = 'consent.consume_request_hash';
  if (!liveTokenHash || paymentReference === undefined || !consumeRequestHash) return [{ column, problem: 'missing' }];
  // The payer's number was erased with the data key.
  if (payer === undefined) return [];
  const named = JSON.parse(signed.initiationText) as JsonObject;
  const payment = debtorAccount ? { ...named, debtorAccount } : named;
  const request = { consentId, accessTokenSha256: liveTokenHash, payment, payer, paymentReference };
  return compareHash(column, () => isConsumeRequest(envelope, consumeRequestHash, request));
}
