import path from 'node:path';
import { openPki, type Pki } from '../../../simulator/pki/pki.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import type { AppConfig } from '../../../src/config/config.ts';
import { FoundAltered } from '../../../src/consent/altered/found-altered.ts';
import { Authorisations } from '../../../src/consent/authorisations.ts';
import { signedPayment } from '../../../src/consent/settlement/signed-payment.ts';
import type { EvidenceRecord } from '../../../src/evidence/evidence.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { EvidenceVerification } from '../../../src/evidence/evidence-verification.ts';
import { SignatureTrust } from '../../../src/evidence/signature-trust.ts';
import type { EvidenceId } from '../../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { initiationToJson } from '../../../src/payment/initiation.ts';
import type { Tx } from '../../../src/database/database.ts';
import type { Envelope } from '../../../src/vault/envelope.ts';
import { isVerified, type VerifiedSignature } from '../../../src/verification/verified-signature.ts';
import type { Report } from '../../../src/verification/report.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { createTestDatabase, createTestEnvelope, unlisted, type TestDatabase } from '../database/database.ts';
import { defaultTime, signConsent, type Occasion, type SignedConsent } from './sign-consent.ts';

/** A store on a database of its own, and hands that sign. */
export interface EvidenceBench {
  readonly db: TestDatabase;
  readonly pki: Pki;
  readonly envelope: Envelope;
  readonly trail: AuditTrail;
  readonly trust: SignatureTrust;
  readonly store: EvidenceStore;
  readonly verification: EvidenceVerification;
  /** What the store's clock shows. */
  now: Date;
  /** Signs a consent whose data key exists, as after a push. */
  sign(occasion?: Occasion): Promise<SignedConsent>;
  /** Signs, appends and authorises: what the settler does. */
  accept(occasion?: Occasion): Promise<SignedConsent & { readonly evidenceId: string; readonly digest: Buffer }>;
}

export async function openEvidenceBench(): Promise<EvidenceBench> {
  const db = await createTestDatabase();
  // Authorities take seconds to make; all suites share them.
  const pki = await openPki(path.join(import.meta.dirname, '../../../.sigill/test-pki'), defaultTime);
  const envelope = createTestEnvelope();
  const config = { environment: 'sandbox', bankid: { signatureRoot: pki.relyingParty.signatureRootPem } };
  const trust = new SignatureTrust(config as AppConfig);
  const clock = { now: () => bench.now };
  const trail = new AuditTrail(db.database);
  const authorisations = new Authorisations(envelope, new FoundAltered(db.database, trail, clock));
  const store = new EvidenceStore(db.database, envelope, trust, clock);
  const bench: EvidenceBench = {
    db,
    pki,
    envelope,
    trust,
    store,
    trail,
    verification: new EvidenceVerification(trust, clock),
    now: new Date(defaultTime.getTime() + 5000),
    sign: async (occasion = {}) => {
      const signed = await signConsent(pki, occasion);
      await db.database.inTransaction((tx) =>
        envelope.createDataKey(tx, consentSubject(signed.bank, signed.consentId)),
      );
      return signed;
    },
    accept: async (occasion = {}) => {
      const signed = await bench.sign(occasion);
      const { evidenceId, evidenceDigest } = await db.database.inTransaction(async (tx) => {
        const appended = await store.appendEvidence(tx, verified(bench, signed), recordOf(signed));
        await authorise(tx, authorisations, signed, appended, bench.now);
        return appended;
      });
      return { ...signed, evidenceId, digest: evidenceDigest };
    },
  };
  return bench;
}

/** @throws unless every check passes */
export function verified(bench: EvidenceBench, signed: SignedConsent): VerifiedSignature {
  const result = verdict(bench, signed);
  if (!isVerified(result)) throw new Error(JSON.stringify(result.checks));
  return result;
}

export function verdict({ trust }: EvidenceBench, signed: SignedConsent): VerifiedSignature | Report {
  return verifyConsent(
    signed.completion,
    signed.expectation,
    trust.anchors,
    trust.policy,
    signed.expectation.receivedAt,
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
    consentJson: signed.consentJson,
    visibleText: signed.expectation.visibleData,
    nonVisibleData: signed.expectation.nonVisibleData,
    circumstances: { browser: { ip: '192.0.2.1', userAgent: 'a browser' } },
    relyingPartyName: signed.expectation.relyingPartyName,
    receivedAt: signed.expectation.receivedAt,
  };
}

/** The rows that stand before evidence does, and beside it. */
async function authorise(
  tx: Tx,
  authorisations: Authorisations,
  signed: SignedConsent,
  { evidenceId, evidenceDigest }: { readonly evidenceId: EvidenceId; readonly evidenceDigest: Buffer },
  at: Date,
): Promise<void> {
  await tx.query(
    unlisted(`
      insert into consent (id, bank, client_id, interaction_id, tpp_name, authorisation_number, initiation, created_at,
                           expires_at, state, authorised_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'authorised', $8)`),
    [
      signed.consentId,
      signed.bank,
      signed.clientId,
      signed.orderId.replaceAll('-', '').slice(0, 22),
      signed.facts.tpp.name,
      signed.facts.tpp.authorisationNumber,
      initiationToJson(signed.initiation),
      at,
      new Date(at.getTime() + 1000),
    ],
  );
  await tx.query(
    unlisted(`
      insert into sign_order (id, purpose, order_group, subject, state, device, platform, relying_party_name, request_sealed,
                              requested_at, pressed_at)
      values ($1, 'test', $1::uuid::text, 'test', 'requested', 'other', 'desktop', 'x', '', $2, $2)`),
    [signed.orderId, at],
  );
  const personalNumber = signed.completion.personalNumber as PersonalNumber;
  const kept = { evidenceDigest, orderId: signed.orderId, authorisedAt: at };
  await authorisations.insertAuthorisation(
    tx,
    signedPayment(signed.facts, evidenceId),
    { personalNumber, signedAt: at },
    kept,
  );
}
