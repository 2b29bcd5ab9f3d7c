import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Authorisations } from '../authorisations.ts';
import type { StoredPayment } from '../consent.ts';
import type { ConsumeCall, ConsumeMacs, Standing } from './consumption.repository.ts';

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
    throw new DomainError('consent.reference-used', { pointer: '/paymentReference' });
  const state = stateNow(standing, call.now);
  if (state !== 'authorised') throw new DomainError('consent.not-authorised', { extra: { state } });
  const signed = await authorisations.checkSigned(call.consentId, standing.signed);
  await authorisations.checkNeverEnded(call.consentId, standing.hasEnded);
  const macs = authorisations.macsOf(signed, call.paymentTexts, call.payer);
  if (!standing.tokenEqual) throw refused('consent.token-differs', '/accessTokenSha256');
  if (!holds(macs.payment, signed.paymentMac)) throw refused('consent.payment-differs', '/payment');
  if (!authorisations.isPayer(signed, call.payer)) throw refused('consent.payer-differs', '/payer/personalNumber');
  return { signed, macs };
}

function holds(macs: readonly Buffer[], mac: Buffer): boolean {
  return macs.some((each) => each.equals(mac));
}

function firstAnswer({ requestHash, answer }: Standing, call: ConsumeCall): JsonObject {
  if (!answer || !requestHash || !call.isThisRequest(requestHash)) throw refused('consent.reference-body-differs', '');
  return answer;
}

/** The time may be up before the sweeper has run. */
function stateNow({ state, expiresAt }: Standing, now: Date): string {
  const isOver = (state === 'authorised' || state === 'awaiting-authorisation') && expiresAt <= now;
  return isOver ? 'expired' : state;
}

function refused(code: ErrorCode, pointer: string): DomainError {
  return new DomainError(code, { pointer });
}
