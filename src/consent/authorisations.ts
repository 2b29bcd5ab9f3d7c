import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.ts';
import type { ClientId, ConsentId } from '../kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../kernel/personal-number.ts';
import type { JsonObject } from '../kernel/json.ts';
import { parseStoredInitiation, type PaymentInitiation } from '../payment/initiation.ts';
import { Envelope, type DataKey } from '../vault/envelope.ts';
import type { WrappedKey } from '../vault/wrapped-key.ts';
import { pairwiseSubject } from '../vault/pairwise-subject.ts';
import { FoundAltered } from './altered/found-altered.ts';
import { asPushed } from './store/as-pushed.ts';
import type {
  Authorised,
  Consent,
  Grant,
  NewAuthorisation,
  SignedPayment,
  StoredConsent,
  StoredGrant,
  StoredPayment,
} from './consent.ts';
import type { ConsumeMacs } from './consumption/consumption.repository.ts';
import { isPayerMac, isPaymentMac, payerMac, payerMacs, paymentMac, paymentMacs } from './store/hashes.ts';

/** For comparing a consent's rows later: whether their keyed hashes are those of the values that they stand for. */
export { isConsumeRequest, referenceHash } from './consumption/consume-request.ts';
export { isPayerMac, isPaymentMac } from './store/hashes.ts';

/** Kind of the sealed number of the signer, under the consent's id. */
export const PAYER = 'payer';

/** Who signed, according to the verified certificate, and when. */
export interface Signer {
  readonly personalNumber: PersonalNumber;
  readonly signedAt: Date;
}

/**
 * What was signed, verified. A row of `authorisation` is append-only, but the database's owner can change it, so
 * its MAC, under a key that is not in the database, is computed again each time the row is read.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1)(d)
 */
@Injectable()
export class Authorisations {
  constructor(
    private readonly envelope: Envelope,
    private readonly found: FoundAltered,
  ) {}

  /** The row of the statement that authorises: what was signed, and by whom. @param key of the consent */
  sign(key: DataKey, signed: SignedPayment, by: Signer, evidenceDigest: Buffer): NewAuthorisation {
    const { consentId, clientId } = signed;
    const { personalNumber, signedAt } = by;
    const subject = pairwiseSubject(this.envelope, clientId, personalNumber);
    const authorised = { ...signed, evidenceDigest, signedAt, subject };
    return {
      ...authorised,
      paymentMac: paymentMac(this.envelope, authorised),
      payerMac: payerMac(this.envelope, consentId, personalNumber),
      payerSealed: key.seal(PAYER, consentId, Buffer.from(personalNumber, 'utf8')),
    };
  }

  /**
   * Undefined if the row is not what was signed, which is logged and recorded as an event of the consent.
   * @throws DomainError `service.key-missing`
   */
  async findGrant<Stored extends StoredGrant>(stored: Stored): Promise<(Stored & Grant) | undefined> {
    if (!(await this.#confirm(stored))) return undefined;
    // The MAC covers the text, which settlement wrote from a parsed initiation, so it need not be parsed again.
    return { ...stored, initiation: JSON.parse(stored.initiationText) as JsonObject };
  }

  /** The grant for the client of the code. Also undefined, and reported, if the payer signed for another client. */
  async findGrantOf<Stored extends StoredGrant>(
    stored: Stored,
    clientId: ClientId,
  ): Promise<(Stored & Grant) | undefined> {
    const grant = await this.findGrant(stored);
    if (!grant || grant.clientId === clientId) return grant;
    await this.found.report(grant.consentId, 'client-differs', grant.evidenceId);
    return undefined;
  }

  /**
   * The consent with the signed payment, bank and client; before the signature, with the pushed ones.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  async getConsent(stored: StoredConsent): Promise<Consent> {
    if (!stored.signed && !stored.authorisedAt) return asPushed(stored);
    const signed = await this.checkSigned(stored.consentId, stored.signed);
    const { bank, clientId } = signed;
    return { ...stored, bank, clientId, initiation: readInitiation(signed) };
  }

  /**
   * Checks that an authorised consent has an authorisation, and that it is what was signed.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  async checkSigned<Stored extends StoredPayment>(consentId: ConsentId, stored: Stored | undefined): Promise<Stored> {
    if (!stored) await this.found.report(consentId, 'authorisation-missing');
    if (!stored || !(await this.#confirm(stored))) throw new DomainError('consent.altered');
    return stored;
  }

  /** Reports a consent whose row says authorised although its chain says that it has ended. @throws DomainError `consent.altered` */
  async checkNeverEnded(consentId: ConsentId, hasEnded: boolean): Promise<void> {
    if (!hasEnded) return;
    await this.found.report(consentId, 'ended-before');
    throw new DomainError('consent.altered');
  }

  /**
   * The MACs that the authorisation may have for a call to consume it, under every look-up key of the ring.
   * @param paymentTexts the signed texts that allow the payment of the call
   */
  macsOf(signed: Authorised, paymentTexts: readonly string[], payer: PersonalNumber): ConsumeMacs {
    return {
      payment: paymentTexts.flatMap((initiationText) => paymentMacs(this.envelope, { ...signed, initiationText })),
      payer: payerMacs(this.envelope, signed.consentId, payer),
    };
  }

  /** The ids of the keys under which a MAC can be recomputed. */
  get keyIds(): readonly string[] {
    return this.envelope.lookupKeyIds;
  }

  /** Whether this person signed. @throws DomainError `service.key-missing` */
  isPayer({ consentId, payerMac }: SignedPayment & { readonly payerMac: Buffer }, payer: PersonalNumber): boolean {
    return isPayerMac(this.envelope, payerMac, consentId, payer);
  }

  /**
   * The signer's personal number, for the bank only. Undefined if the stored one cannot be decrypted, which is logged and
   * recorded as an event of the consent.
   * @throws DomainError `service.key-missing`
   */
  async findPayer(
    consentId: ConsentId,
    payerSealed: Buffer,
    key: WrappedKey | undefined,
  ): Promise<PersonalNumber | undefined> {
    const payer = key && this.#openPayer(consentId, payerSealed, key);
    if (payer === undefined) await this.found.report(consentId, 'payer-unreadable');
    return payer;
  }

  #openPayer(consentId: ConsentId, payerSealed: Buffer, key: WrappedKey): PersonalNumber | undefined {
    try {
      return findPersonalNumber(this.envelope.unwrap(key).open(PAYER, consentId, payerSealed).toString('utf8'));
    } catch (error) {
      if (error instanceof DomainError) throw error;
      return undefined;
    }
  }

  /**
   * Whether the row is what was signed. If not, that is logged and recorded as an event of the consent.
   * @throws DomainError `service.key-missing`: without its key it cannot be checked
   */
  async #confirm(stored: StoredPayment): Promise<boolean> {
    if (isPaymentMac(this.envelope, stored.paymentMac, stored)) return true;
    await this.found.report(stored.consentId, 'authorisation-differs', stored.evidenceId);
    return false;
  }
}

function readInitiation({ initiationText }: StoredPayment): PaymentInitiation {
  return parseStoredInitiation(JSON.parse(initiationText));
}
