import { hash } from 'node:crypto';
import type { ConsentId } from '../../kernel/ids.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { Envelope } from '../../vault/envelope.ts';
import type { BrowserCookie } from '../../attempts/browser-cookie.ts';
import type { Authorised } from '../consent.ts';

const SIGNED_PAYMENT = 'signed-payment';
const SIGNED_PAYER = 'signed-payer';

/** A cookie has full entropy, so a plain hash is enough. */
export function cookieHash(cookie: BrowserCookie): Buffer {
  return hash('sha256', cookie, 'buffer');
}

/** The MAC over what a row of `authorisation` says was signed, under a key that is not in the database. */
export function paymentMac(envelope: Envelope, signed: Authorised): Buffer {
  return envelope.lookupHash(SIGNED_PAYMENT, signedText(signed));
}

/** Under every look-up key of the ring, so that a consent that was signed before a rotation can be consumed after it. */
export function paymentMacs(envelope: Envelope, signed: Authorised): Buffer[] {
  return envelope.lookupHashes(SIGNED_PAYMENT, signedText(signed));
}

/** @throws DomainError `service.key-missing` */
export function isPaymentMac(envelope: Envelope, mac: Buffer, signed: Authorised): boolean {
  return envelope.isLookupHash(mac, SIGNED_PAYMENT, signedText(signed));
}

/** The MAC over the person who signed this consent. The MACs of two consents do not reveal whether the payer is the same. */
export function payerMac(envelope: Envelope, consentId: ConsentId, payer: PersonalNumber): Buffer {
  return envelope.lookupHash(SIGNED_PAYER, payerText(consentId, payer));
}

/** The MACs of {@link payerMac} under every look-up key of the ring. */
export function payerMacs(envelope: Envelope, consentId: ConsentId, payer: PersonalNumber): Buffer[] {
  return envelope.lookupHashes(SIGNED_PAYER, payerText(consentId, payer));
}

/** @throws DomainError `service.key-missing` */
export function isPayerMac(envelope: Envelope, mac: Buffer, consentId: ConsentId, payer: PersonalNumber): boolean {
  return envelope.isLookupHash(mac, SIGNED_PAYER, payerText(consentId, payer));
}

/** JSON, so different lists of texts never give the same bytes. */
function signedText(signed: Authorised): string {
  const { consentId, evidenceId, environment, bank, clientId, initiationText } = signed;
  const answered = [signed.evidenceDigest.toString('base64url'), signed.subject, signed.signedAt.getTime()];
  return JSON.stringify([consentId, evidenceId, environment, bank, clientId, initiationText, ...answered]);
}

function payerText(consentId: ConsentId, payer: PersonalNumber): string {
  return JSON.stringify([consentId, payer]);
}
