import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { findReceivedAnswers } from '../bankid-sign/received-answer.repository.ts';
import { openSignature } from '../bankid-sign/received-answer.ts';
import { decodeBase64 } from '../crypto/base64.ts';
import { canonicalJson } from '../crypto/json/canonical-json.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { newEvidenceId, type ConsentId, type EvidenceId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { consentSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { Database, type Scope, type Tx } from '../database/database.ts';
import { Envelope, type DataKey } from '../vault/envelope.ts';
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
import { evidenceDigest } from '../evidence-files/evidence-digest.ts';
import { REQUEST_OBJECT } from './request-objects.ts';
import { retentionEnd } from './retention.ts';
import { sha256OfPem, SignatureTrust } from './signature-trust.ts';
import {
  insertEvidence,
  selectAllSealed,
  selectEvidenceOfConsent,
  selectSealedEvidence,
  type FoundEvidence,
} from './store/evidence.repository.ts';
import { keepRoot } from './store/signature-root.repository.ts';
import { parseSealedBody, sealedBodyToBytes, type SealedBody } from './store/sealed-body.ts';

const SEAL_KIND = 'evidence';

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
   * longer waited. One INSERT.
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
    const body = openBody(row, key);
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
      return key && { summary: row.summary, open: () => evidenceOf(row, key, openBody(row, key), answers) };
    });
  }

  #seal(key: DataKey, kind: EvidenceKind, report: Report, record: EvidenceRecord): SealedEvidence {
    const evidenceId = newEvidenceId();
    const body = {
      orderId: record.orderId,
      random: randomBytes(32),
      consent: canonicalJson(record.consentJson),
      visibleText: record.visibleText,
      nonVisibleData: record.nonVisibleData,
      circumstances: record.circumstances,
      report: reportToJson(report),
      relyingPartyName: record.relyingPartyName,
      rootSha256: this.trust.rootSha256,
    };
    const subject = consentSubject(record.bank, record.consentId);
    if (key.subject !== subject) throw new TypeError(`the data key of ${key.subject} seals no evidence of ${subject}`);
    const sealed = key.seal(SEAL_KIND, evidenceId, sealedBodyToBytes(body));
    const { signatureText: signature, ocspBase64 } = record;
    const digest = evidenceDigest({ ...body, signature, ocsp: ocspBytes(ocspBase64) });
    return {
      summary: { ...this.#openPart(kind, report, record), evidenceId, evidenceDigest: digest },
      subject,
      sealed,
      rootSha256: this.trust.rootSha256,
    };
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
      retentionEndsAt: retentionEnd(kind, storedAt),
    };
  }
}

function openBody({ summary: { evidenceId }, sealed }: FoundEvidence, key: DataKey): SealedBody {
  return parseSealedBody(key.open(SEAL_KIND, evidenceId, sealed));
}

/** @param answers by order: the one that the sealed body names is among them, unless a row was altered */
function evidenceOf(row: FoundEvidence, key: DataKey, sealedBody: SealedBody, answers: ReceivedAnswers): Evidence {
  const { summary, requestObjectSealed: signed } = row;
  const { evidenceId, consentId } = summary;
  const { orderId, rootSha256, ...rest } = sealedBody;
  const answer = answers.get(orderId);
  if (!answer) throw new Error(`evidence ${evidenceId} is of order ${orderId}, whose answer is missing`);
  const { signature, ocspResponse: ocsp } = openSignature(key, orderId, answer);
  const body = { ...rest, signature, ocsp, root: rootOf(row, rootSha256) };
  const digest = evidenceDigest({ ...body, ocsp: ocspBytes(ocsp) });
  if (!digest.equals(summary.evidenceDigest))
    throw new Error(`evidence ${evidenceId} does not match its stored digest: its row was altered`);
  const requestObject = signed && key.open(REQUEST_OBJECT, consentId, signed).toString('utf8');
  return { ...summary, ...body, requestObject };
}

/** The stored root that is the one under the seal. */
function rootOf({ summary, rootPem }: FoundEvidence, rootSha256: Uint8Array): string {
  if (rootPem !== undefined && sha256OfPem(rootPem).equals(rootSha256)) return rootPem;
  throw new Error(`evidence ${summary.evidenceId} names a root that is not its own, or that was altered or removed`);
}

type ReceivedAnswers = Awaited<ReturnType<typeof findReceivedAnswers>>;

/** The verifier refuses what is not base64; it is stored as text and counts as no response in the digest. */
function ocspBytes(base64: string | undefined): Buffer {
  try {
    return decodeBase64(base64 ?? '');
  } catch {
    return Buffer.alloc(0);
  }
}

function reportToJson(report: Report): JsonObject {
  return JSON.parse(JSON.stringify(report)) as JsonObject;
}
