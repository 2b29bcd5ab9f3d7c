import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import { isJsonObject, parseJsonText, type JsonObject } from '../../kernel/json.ts';
import type { Authorisations } from '../authorisations.ts';
import type { StoredPayment } from '../consent.ts';
import type { ConsumeCall, ConsumeMacs, Standing } from './consumption.repository.ts';
import { firstDifference } from './first-difference.ts';

/** A call that may go on: what was signed, and what the update must find. */
export interface Consumable {
  readonly signed: StoredPayment;
  readonly macs: ConsumeMacs;
}

/**
 * Checks the call against the consent. Returns the first answer if the same call was answered before.
 * @throws DomainError as {@link Consumption.consume}
 */
export async function checkStanding(
  standing: Standing | undefined,
  call: ConsumeCall,
  authorisations: Authorisations,
): Promise<{ readonly answer: JsonObject } | Consumable> {
  if (!standing) throw new DomainError('consent.not-found');
  if (standing.paymentReference === call.paymentReference) return { answer: firstAnswer(standing, call) };
  if (standing.referenceUsedElsewhere)
    throw refused('consent.reference-used', '/paymentReference', 'Another consent was consumed with this reference.');
  const state = stateNow(standing, call.now);
  if (state !== 'authorised') throw new DomainError('consent.not-authorised', { extra: { state } });
  const signed = await authorisations.checkSigned(call.consentId, standing.signed);
  await authorisations.checkNeverEnded(call.consentId, standing.hasEnded);
  const macs = authorisations.macsOf(signed, call.paymentTexts, call.payer);
  if (!standing.tokenEqual)
    throw refused(
      'consent.token-differs',
      '/accessTokenSha256',
      'This is not the hash of the live token of the consent.',
    );
  if (!holds(macs.payment, signed.paymentMac)) throw paymentDiffers(signed, call);
  if (!authorisations.isPayer(signed, call.payer))
    throw refused('consent.payer-differs', '/payer/personalNumber', 'This is not the person who signed.');
  return { signed, macs };
}

function holds(macs: readonly Buffer[], mac: Buffer): boolean {
  return macs.some((each) => each.equals(mac));
}

function firstAnswer({ requestHash, answer }: Standing, call: ConsumeCall): JsonObject {
  if (!answer || !requestHash || !call.isThisRequest(requestHash))
    throw refused(
      'consent.reference-body-differs',
      '',
      'The consent was consumed by another call with this paymentReference.',
    );
  return answer;
}

/** The time may be up before the sweeper has run. */
function stateNow({ state, expiresAt }: Standing, now: Date): string {
  const isOver = (state === 'authorised' || state === 'awaiting-authorisation') && expiresAt <= now;
  return isOver ? 'expired' : state;
}

/** The bank may read what was signed anyway: it is told which member differs, and not how. */
function paymentDiffers({ initiationText }: StoredPayment, { payment }: ConsumeCall): DomainError {
  const signed = parseJsonText(initiationText);
  const pointer = isJsonObject(signed) ? firstDifference(signed, payment) : '';
  return refused('consent.payment-differs', `/payment${pointer}`, 'This is not what the payer signed.');
}

function refused(code: ErrorCode, pointer: string, detail: string): DomainError {
  return new DomainError(code, { pointer, detail });
}
