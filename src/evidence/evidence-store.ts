import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { findReceivedAnswers } from '../bankid-sign/received-answer.repository.ts';
import { Clients } from '../clients/clients.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { ConsentId, EvidenceId } from '../kernel/ids.ts';
import { consentSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { Database, type Scope, type Tx } from '../database/database.ts';
import { Envelope, type DataKey } from '../vault/envelope.ts';
import { personHash } from '../vault/person-hash.ts';
import type { Report } from '../verification/report.ts';
import { isVerified, type VerifiedSignature } from '../verification/verified-signature.ts';
import type {
  Evidence,
  EvidenceKind,
  EvidenceOfBank,
  EvidenceRecord,
  EvidenceSummary,
  LockedEvidence,
  SealedEvidence,
  UnacceptedKind,
} from './evidence.ts';
import { REQUEST_OBJECT } from './request-objects.ts';
import { retentionEnd, yearEndOf } from './retention.ts';
import { SignatureTrust } from './signature-trust.ts';
import {
  insertEvidence,
  selectAllSealed,
  selectEvidenceOfConsent,
  selectSealedEvidence,
  type FoundEvidence,
} from './store/evidence.repository.ts';
import { keepRoot } from './store/signature-root.repository.ts';
import type { SealedBody } from './store/sealed-body.ts';
import { openBody, openContent, sealContent, type ReceivedAnswers } from './store/sealed-content.ts';

/**
 * Stores evidence, append-only and sealed with the data key of its consent. Signature and OCSP response are kept once, in BankID's
 * answer as it came; the digest says whether they are still those of the evidence. The root is kept once for all evidence.
 */
@Injectable()
export class EvidenceStore implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly trust: SignatureTrust,
    private readonly clients: Clients,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The root is stored before any evidence that names it. */
  async onModuleInit(): Promise<void> {
    await keepRoot(this.database, this.trust.rootSha256, this.trust.rootPem);
  }

  /**
   * The row of evidence that authorises a consent, for the statement that does so. Only the verifier makes a
   * {@link VerifiedSignature}, so nothing else can be stored.
   * @param key of the consent
   */
  sealAccepted(key: DataKey, verified: VerifiedSignature, record: EvidenceRecord): SealedEvidence {
    if (!isVerified(verified))
      throw new TypeError('evidence can be accepted only for a VerifiedSignature that the verifier made');
    if (verified.signatureText !== record.signatureText)
      throw new TypeError('the signature in the evidence record is not the one that was verified');
    return this.#seal(key, 'accepted', verified.report, record);
  }

  /**
   * Stores evidence that authorises nothing: `refused` by the verdict or a rule, or `surplus` for a consent that no
   * longer waited. One statement.
   * @param key of the consent
   * @throws if the order already has evidence
   */
  async appendUnaccepted(
    tx: Tx,
    key: DataKey,
    kind: UnacceptedKind,
    verdict: { readonly report: Report; readonly record: EvidenceRecord },
  ): Promise<EvidenceId> {
    const evidence = this.#seal(key, kind, verdict.report, verdict.record);
    await insertEvidence(tx, evidence);
    return evidence.summary.evidenceId;
  }

  /** All evidence of a consent, the accepted one first; empty for a consent of another bank. */
  async findEvidence(scope: Scope, consentId: ConsentId, bank: string): Promise<readonly EvidenceSummary[]> {
    return selectEvidenceOfConsent(scope, consentId, bank);
  }

  /**
   * One evidence, decrypted.
   * @throws DomainError `evidence.not-found` if it is unknown, belongs to another bank, or its key was destroyed
   */
  async getEvidence(evidenceId: EvidenceId, bank: string, scope: Scope = this.database): Promise<Evidence> {
    const row = await selectSealedEvidence(scope, evidenceId, bank);
    if (!row) throw new DomainError('evidence.not-found');
    const key = await this.envelope.findDataKey(scope, row.subject);
    if (!key)
      throw new DomainError('evidence.not-found', { detail: 'The evidence was erased at the end of its retention.' });
    const body = openBody({ ...row.summary, sealed: row.sealed }, key);
    const answers = await findReceivedAnswers(scope, [body.orderId]);
    return evidenceOf(row, key, body, answers);
  }

  /**
   * Evidence of several consents, in their order, each to be opened when it is needed: three SELECTs. Undefined is one whose key was
   * destroyed.
   * @throws Error for an unknown one, or one of another bank
   */
  async findLocked(scope: Scope, wanted: readonly EvidenceOfBank[]): Promise<readonly (LockedEvidence | undefined)[]> {
    const found = await selectAllSealed(scope, wanted);
    if (found.length !== wanted.length)
      throw new Error('evidence that authorised a consent is not stored for its bank');
    const keys = await this.envelope.findDataKeys(
      scope,
      found.map(({ subject }) => subject),
    );
    const answers = await findReceivedAnswers(
      scope,
      found.map(({ summary }) => summary.orderId),
    );
    return found.map((row) => {
      const key = keys.get(row.subject);
      return (
        key && {
          summary: row.summary,
          open: () => evidenceOf(row, key, openBody({ ...row.summary, sealed: row.sealed }, key), answers),
        }
      );
    });
  }

  #seal(key: DataKey, kind: EvidenceKind, report: Report, record: EvidenceRecord): SealedEvidence {
    const subject = consentSubject(record.bank, record.consentId);
    const { rootSha256 } = this.trust;
    const content = { ...record, statement: record.consentJson };
    const { sealed, ...ids } = sealContent(key, subject, report, content, rootSha256);
    const signer = personHash(this.envelope, record.personalNumber);
    const summary = { ...this.#openPart(kind, report, record), ...ids };
    return { summary, subject, sealed, rootSha256, personHash: signer };
  }

  #openPart(
    kind: EvidenceKind,
    report: Report,
    { consentId, bank, clientId, orderId, environment, receivedAt }: EvidenceRecord,
  ): Omit<EvidenceSummary, 'evidenceId' | 'evidenceDigest'> {
    const storedAt = this.clock.now();
    return {
      kind,
      consentId,
      bank,
      clientId,
      orderId,
      environment,
      indication: report.indication,
      subIndication: report.subIndication ?? undefined,
      signedAt: report.signedAt === null ? undefined : new Date(report.signedAt),
      receivedAt,
      storedAt,
      retentionEndsAt: retentionEnd(kind, storedAt, yearEndOf(this.clients.findClient(bank))),
    };
  }
}

/** @param answers by order: the one that the sealed body names is among them, unless a row was altered */
function evidenceOf(row: FoundEvidence, key: DataKey, sealedBody: SealedBody, answers: ReceivedAnswers): Evidence {
  const { summary, rootPem, requestObjectSealed: signed } = row;
  const body = openContent({ ...summary, rootPem }, key, sealedBody, answers);
  const requestObject = signed && key.open(REQUEST_OBJECT, summary.consentId, signed).toString('utf8');
  return { ...summary, ...body, requestObject };
}
