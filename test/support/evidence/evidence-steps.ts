import { randomUUID } from 'node:crypto';
import { insertDataKey } from '../../../bench/service/data-key.ts';
import { openPki, type Pki } from '../../../simulator/pki/pki.ts';
import { AuditTrail, eventText } from '../../../src/audit/audit-trail.ts';
import { sealAnswer } from '../../../src/bankid-sign/order/sealed-order.ts';
import { Authorisations } from '../../../src/consent/authorisations.ts';
import { authoriseConsent } from '../../../src/consent/settlement/authorise.repository.ts';
import { signedPayment } from '../../../src/consent/settlement/signed-payment.ts';
import type { EvidenceRecord, EvidenceSummary, SealedEvidence } from '../../../src/evidence/evidence.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { EvidenceVerification } from '../../../src/evidence/evidence-verification.ts';
import { SignatureTrust } from '../../../src/evidence/signature-trust.ts';
import { insertEvidence } from '../../../src/evidence/store/evidence.repository.ts';
import { addMs } from '../../../src/kernel/clock.ts';
import type { EvidenceId } from '../../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { Heads } from '../../../src/ledger/heads/heads.ts';
import { LedgerLogs } from '../../../src/ledger/log/ledger-logs.ts';
import { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { initiationToJson } from '../../../src/payment/initiation.ts';
import type { Scope, Tx } from '../../../src/database/database.ts';
import { Envelope, type DataKey } from '../../../src/vault/envelope.ts';
import { isVerified, type VerifiedSignature } from '../../../src/verification/verified-signature.ts';
import type { Report } from '../../../src/verification/report.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { unlisted } from '../database/database.ts';
import { sharedPkiDirectory } from '../system/pki-directory.ts';
import { TestSystem } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';
import { BANK_NAME, defaultTime, signConsent, type Occasion, type SignedConsent } from './sign-consent.ts';

/** Evidence as the settler stores it, of consents that were signed at any time, without the payment around them. */
export class EvidenceSteps extends SystemSteps {
  readonly pki: Pki;

  private constructor(world: TestSystem, pki: Pki) {
    super(world);
    this.pki = pki;
  }

  /** The clock of the service stands still, five seconds after the consents are signed. */
  static async start(): Promise<EvidenceSteps> {
    const world = await TestSystem.start({ env: { WORKERS: 'false' } });
    world.clock.stopAt(addMs(defaultTime, 5000));
    return new EvidenceSteps(world, await openPki(sharedPkiDirectory, defaultTime));
  }

  get store(): EvidenceStore {
    return this.get(EvidenceStore);
  }

  get trail(): AuditTrail {
    return this.get(AuditTrail);
  }

  get verification(): EvidenceVerification {
    return this.get(EvidenceVerification);
  }

  /** Signs a consent whose data key exists, as after a push. */
  async sign(occasion: Occasion = {}): Promise<SignedConsent> {
    const signed = await signConsent(this.pki, occasion);
    const subject = consentSubject(signed.bank, signed.consentId);
    await insertDataKey(this.database.database, this.get(Envelope), subject);
    return signed;
  }

  /** Signs, appends and authorises: what the settler does. */
  async accept(
    occasion: Occasion = {},
  ): Promise<SignedConsent & { readonly evidenceId: EvidenceId; readonly digest: Buffer }> {
    const signed = await this.sign(occasion);
    const { evidenceId, evidenceDigest } = await this.database.database.inTransaction((tx) =>
      this.#authorise(tx, signed),
    );
    return { ...signed, evidenceId, digest: evidenceDigest };
  }

  /** Gives all evidence its number in the ledger, and the log of the bank a head. */
  async advanceLedger(bank: string): Promise<void> {
    await this.get(Sequencer).runOnce();
    await this.get(Heads).advance(await this.get(LedgerLogs).openLog(bank, 'evidence'), 0);
  }

  /** The order, leased under its own id, and BankID's answer, which every evidence is of. */
  async keepAnswer(tx: Tx, signed: SignedConsent): Promise<void> {
    await keepAnswer(tx, await this.keyOf(signed, tx), signed, this.clock.now());
  }

  /** The accepted evidence of a signature, without what it authorises. */
  async append(tx: Tx, signed: SignedConsent): Promise<Pick<EvidenceSummary, 'evidenceId' | 'evidenceDigest'>> {
    await this.keepAnswer(tx, signed);
    const evidence = this.#seal(await this.keyOf(signed, tx), signed);
    await insertEvidence(tx, evidence);
    return evidence.summary;
  }

  /** @throws when the consent has none */
  keyOf(signed: SignedConsent, scope: Scope = this.database.database): Promise<DataKey> {
    return this.get(Envelope).getDataKey(scope, consentSubject(signed.bank, signed.consentId));
  }

  /** @throws unless every check passes */
  verified(signed: SignedConsent): VerifiedSignature {
    const result = this.verdict(signed);
    if (!isVerified(result)) throw new Error(JSON.stringify(result.checks));
    return result;
  }

  verdict({ completion, expectation }: SignedConsent): VerifiedSignature | Report {
    const { anchors: trust, policy } = this.get(SignatureTrust);
    return verifyConsent(completion, expectation, { trust, policy, now: expectation.receivedAt });
  }

  #seal(key: DataKey, signed: SignedConsent): SealedEvidence {
    return this.store.sealAccepted(key, this.verified(signed), recordOf(signed));
  }

  /** By the statement of the settler. */
  async #authorise(tx: Tx, signed: SignedConsent): Promise<EvidenceSummary> {
    await this.#insertConsent(tx, signed);
    await this.keepAnswer(tx, signed);
    const now = this.clock.now();
    const key = await this.keyOf(signed, tx);
    const evidence = this.#seal(key, signed);
    const { evidenceId, evidenceDigest } = evidence.summary;
    const { orderId } = signed;
    const signer = { personalNumber: signed.completion.personalNumber as PersonalNumber, signedAt: now };
    const payment = signedPayment(signed.facts, evidenceId);
    const { isAuthorised } = await authoriseConsent(tx, {
      order: { orderId, leaseId: orderId, receivedAt: now },
      attemptId: randomUUID(),
      evidence,
      authorisation: this.get(Authorisations).sign(key, payment, signer, evidenceDigest),
      event: eventText({ type: 'consent.authorised', at: now, actor: 'service', detail: { orderId, evidenceId } }),
      now,
      returnBy: addMs(now, 1000),
    });
    if (!isAuthorised) throw new Error(`consent ${signed.consentId} was not authorised`);
    return evidence.summary;
  }

  /** The consent as it waits for its signature. */
  async #insertConsent(tx: Tx, signed: SignedConsent): Promise<void> {
    const at = this.clock.now();
    await tx.query(
      unlisted(`
        insert into consent (id, bank, client_id, interaction_id, bank_name, tpp_name, authorisation_number, initiation,
                             created_at, expires_at, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'awaiting-authorisation')`),
      [
        signed.consentId,
        signed.bank,
        signed.clientId,
        signed.orderId.replaceAll('-', '').slice(0, 22),
        BANK_NAME,
        signed.facts.tpp.name,
        signed.facts.tpp.authorisationNumber,
        initiationToJson(signed.initiation),
        at,
        addMs(at, 1000),
      ],
    );
  }
}

/** An order, leased under its own id, and BankID's answer to it, sealed under this key. */
export async function keepAnswer(
  tx: Tx,
  key: DataKey,
  { orderId, completion }: Pick<SignedConsent, 'orderId' | 'completion'>,
  at: Date,
): Promise<void> {
  const { signature, ocspResponse } = completion;
  const answer = Buffer.from(JSON.stringify({ completionData: { signature, ocspResponse } }), 'utf8');
  await tx.query(
    unlisted(`
        insert into sign_order (id, purpose, order_group, subject, state, kind, way, device, platform, relying_party, relying_party_name,
                                requested_at, pressed_at, order_ref, start_sealed, started_at, answered_at, answer_status, settle_lease)
        values ($1, 'test', $1::uuid::text, 'test', 'answered', 'sign', 'browser', 'other', 'desktop', 'default', 'x',
                $2, $2, $1::uuid::text, '', $2, $2, 'complete', $1)
        on conflict (id) do nothing`),
    [orderId, at],
  );
  await tx.query(
    unlisted(`
        insert into bankid_answer (order_id, answer_sealed, received_at) values ($1, $2, $3) on conflict (order_id) do nothing`),
    [orderId, sealAnswer(key, orderId, answer), at],
  );
}

export function recordOf(signed: SignedConsent): EvidenceRecord {
  return {
    consentId: signed.consentId,
    bank: signed.bank,
    clientId: signed.clientId,
    environment: 'sandbox',
    orderId: signed.orderId,
    signatureText: signed.completion.signature,
    ocspBase64: signed.completion.ocspResponse,
    personalNumber: signed.completion.personalNumber ?? '',
    consentJson: signed.consentJson,
    visibleText: signed.expectation.visibleData,
    nonVisibleData: signed.expectation.nonVisibleData,
    circumstances: { browser: { ip: '192.0.2.1', userAgent: 'a browser' } },
    relyingPartyName: signed.expectation.relyingPartyName,
    receivedAt: signed.expectation.receivedAt,
  };
}
