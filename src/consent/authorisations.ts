import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { ConsentId, OrderId } from '../kernel/ids.ts';
import { findPersonalNumber, type PersonalNumber } from '../kernel/personal-number.ts';
import { consentSubject } from '../kernel/subject.ts';
import { parseSignedInitiation, type PaymentInitiation } from '../payment/initiation.ts';
import { CLOCK } from '../platform/clock.ts';
import type { Tx } from '../platform/database.ts';
import { Envelope, type WrappedKey } from '../platform/envelope.ts';
import { pairwiseSubject } from '../tpp/pairwise-subject.ts';
import { asPushed } from './store/as-pushed.ts';
import type { Consent, Grant, SignedPayment, StoredConsent, StoredGrant, StoredPayment } from './consent.ts';
import type { ConsumeMacs } from './store/consumption.repository.ts';
import { insertAuthorisation } from './store/grant.repository.ts';
import { isPayerMac, isPaymentMac, payerMac, payerMacs, paymentMac, paymentMacs } from './store/hashes.ts';

/** Kind of the sealed number of the signer, under the consent's id. */
export const PAYER = 'payer';

/** Who signed, by the verified certificate, and when. */
export interface Signer {
  readonly personalNumber: PersonalNumber;
  readonly signedAt: Date;
}

/** What an authorisation rests on. */
export interface KeptEvidence {
  readonly evidenceDigest: Buffer;
  readonly orderId: OrderId;
  readonly authorisedAt: Date;
}

/**
 * What was signed, as it may be believed. A row of `authorisation` is append-only, and yet the database's owner can change it:
 * its MAC, under a key that the database does not hold, is made anew each time the row is read.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1)(d)
 */
@Injectable()
export class Authorisations {
  readonly #log = new Logger('authorisations');

  constructor(
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The row of transaction B: what was signed, and by whom. Its evidence is appended, and the data key of the consent exists. */
  async insertAuthorisation(tx: Tx, signed: SignedPayment, by: Signer, kept: KeptEvidence): Promise<void> {
    const { consentId, bank, clientId } = signed;
    const { personalNumber, signedAt } = by;
    const number = Buffer.from(personalNumber, 'utf8');
    await insertAuthorisation(tx, {
      ...signed,
      ...kept,
      signedAt,
      paymentMac: paymentMac(this.envelope, signed),
      payerMac: payerMac(this.envelope, consentId, personalNumber),
      payerSealed: await this.envelope.seal(tx, consentSubject(bank, consentId), PAYER, consentId, number),
      payerSubject: pairwiseSubject(this.envelope, clientId, personalNumber),
    });
  }

  /**
   * Undefined where the row is not what was signed: that is logged, and an event of the consent.
   * @throws DomainError `service.key-missing`
   */
  async findGrant<Stored extends StoredGrant>(stored: Stored): Promise<(Stored & Grant) | undefined> {
    return (await this.#confirm(stored)) ? { ...stored, initiation: readInitiation(stored) } : undefined;
  }

  /**
   * The consent with the payment, bank and client that were signed; before the signature, with those that were pushed.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  async getConsent(stored: StoredConsent): Promise<Consent> {
    if (!stored.signed && !stored.authorisedAt) return asPushed(stored);
    const signed = await this.checkSigned(stored.signed);
    const { bank, clientId } = signed;
    return { ...stored, bank, clientId, initiation: readInitiation(signed) };
  }

  /**
   * An authorised consent has an authorisation, and that is what was signed.
   * @throws DomainError `consent.altered`, `service.key-missing`
   */
  async checkSigned<Stored extends StoredPayment>(stored: Stored | undefined): Promise<Stored> {
    if (!stored || !(await this.#confirm(stored))) throw new DomainError('consent.altered');
    return stored;
  }

  /**
   * What the authorisation must hold for a call to consume it, under every lookup key there is.
   * @param paymentTexts the signed texts that allow the payment of the call
   */
  macsOf(signed: SignedPayment, paymentTexts: readonly string[], payer: PersonalNumber): ConsumeMacs {
    return {
      payment: paymentTexts.flatMap((initiationText) => paymentMacs(this.envelope, { ...signed, initiationText })),
      payer: payerMacs(this.envelope, signed.consentId, payer),
    };
  }

  /** Whether this person signed. @throws DomainError `service.key-missing` */
  isPayer({ consentId, payerMac }: SignedPayment & { readonly payerMac: Buffer }, payer: PersonalNumber): boolean {
    return isPayerMac(this.envelope, payerMac, consentId, payer);
  }

  /** The signer's personal number, for the bank alone. */
  openPayer(consentId: ConsentId, payerSealed: Buffer, key: WrappedKey): PersonalNumber {
    const opened = this.envelope.unwrap(key).open(PAYER, consentId, payerSealed);
    const personalNumber = findPersonalNumber(opened.toString('utf8'));
    if (personalNumber === undefined) throw new TypeError('the stored payer is no personal number');
    return personalNumber;
  }

  /**
   * Whether the row is what was signed. One that is not is logged, and an event of the consent.
   * @throws DomainError `service.key-missing`: without its key nothing can be said of it
   */
  async #confirm(stored: StoredPayment): Promise<boolean> {
    if (isPaymentMac(this.envelope, stored.paymentMac, stored)) return true;
    const { consentId, bank, evidenceId } = stored;
    this.#log.error(`consent ${consentId}: its authorisation is not what was signed; nothing is granted for it`);
    await this.audit.appendStandalone(consentSubject(bank, consentId), {
      type: 'authorisation.found-altered',
      at: this.clock.now(),
      actor: 'service',
      detail: { evidenceId },
    });
    return false;
  }
}

function readInitiation({ initiationText }: StoredPayment): PaymentInitiation {
  return parseSignedInitiation(JSON.parse(initiationText), '');
}
