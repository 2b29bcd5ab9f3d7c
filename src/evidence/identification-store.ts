import { Inject, Injectable } from '@nestjs/common';
import { findReceivedAnswers } from '../bankid-sign/received-answer.repository.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { Database, type Scope, type Tx } from '../database/database.ts';
import { addMs, DAY_MS, type Clock } from '../kernel/clock.ts';
import type { LoginId } from '../kernel/ids.ts';
import { loginSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { Envelope, type DataKey } from '../vault/envelope.ts';
import { personHash } from '../vault/person-hash.ts';
import type { Report } from '../verification/report.ts';
import { isVerifiedIdentification, type VerifiedIdentification } from '../verification/verified-identification.ts';
import type { EvidenceKind, UnacceptedKind } from './evidence.ts';
import type {
  Identification,
  IdentificationRecord,
  IdentificationSummary,
  LockedIdentification,
  SealedIdentification,
} from './identification.ts';
import { SignatureTrust } from './signature-trust.ts';
import {
  insertIdentification,
  selectIdentifications,
  selectIdentificationsOfPeriod,
  selectSealedIdentifications,
  type FoundIdentification,
} from './store/identification.repository.ts';
import { openBody, openContent, sealContent, type ReceivedAnswers } from './store/sealed-content.ts';

/**
 * Stores the evidence of logins, append-only and sealed with the data key of its login, in a table of its own: it belongs to a client
 * and to no bank, so no query for a bank can find it.
 */
@Injectable()
export class IdentificationStore {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly trust: SignatureTrust,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores the evidence that logs a person in. Only the verifier makes a {@link VerifiedIdentification}, so nothing else can be stored,
   * and no signature of a payment.
   * @param key of the login
   * @throws if the login has been accepted already, or the order has evidence
   */
  async appendAccepted(
    tx: Tx,
    key: DataKey,
    verified: VerifiedIdentification,
    record: IdentificationRecord,
  ): Promise<IdentificationSummary> {
    if (!isVerifiedIdentification(verified))
      throw new TypeError('a login can be accepted only by a VerifiedIdentification that the verifier made');
    if (verified.signatureText !== record.signatureText)
      throw new TypeError('the identification in the record is not the one that was verified');
    return this.#append(tx, key, 'accepted', verified.report, record);
  }

  /** Stores evidence that logs nobody in: `refused` by the verdict or a rule, or `surplus` for a login that no longer waited. */
  async appendUnaccepted(
    tx: Tx,
    key: DataKey,
    kind: UnacceptedKind,
    verdict: { readonly report: Report; readonly record: IdentificationRecord },
  ): Promise<IdentificationSummary> {
    return this.#append(tx, key, kind, verdict.report, verdict.record);
  }

  /** All of a login of this client, the accepted one first: metadata and verdict. Empty for a login of another client. */
  async findOfClient(scope: Scope, clientId: string, loginId: LoginId): Promise<readonly IdentificationSummary[]> {
    return selectIdentifications(scope, loginSubject(clientId, loginId));
  }

  /**
   * All of a login, decrypted, for the operator. One whose key was destroyed is left out.
   * @throws Error when a row was altered
   */
  async findOpened(loginId: LoginId, scope: Scope = this.database): Promise<readonly Identification[]> {
    const locked = await this.#lock(scope, await selectSealedIdentifications(scope, loginId));
    return locked.flatMap((one) => one.open() ?? []);
  }

  /** Those of all clients that were stored in a period, a page at a time: those after `after`, each to be opened when it is needed. */
  async findPage(
    period: { readonly from: Date; readonly to: Date },
    after: IdentificationSummary | undefined,
    limit: number,
  ): Promise<readonly LockedIdentification[]> {
    const found = await selectIdentificationsOfPeriod(this.database, period, after, limit);
    return this.#lock(this.database, found);
  }

  async #lock(scope: Scope, found: readonly FoundIdentification[]): Promise<readonly LockedIdentification[]> {
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
      return { summary: row.summary, open: () => key && identificationOf(row, key, answers) };
    });
  }

  async #append(
    tx: Tx,
    key: DataKey,
    kind: EvidenceKind,
    report: Report,
    record: IdentificationRecord,
  ): Promise<IdentificationSummary> {
    const identification = this.#seal(key, kind, report, record);
    await insertIdentification(tx, identification);
    return identification.summary;
  }

  #seal(key: DataKey, kind: EvidenceKind, report: Report, record: IdentificationRecord): SealedIdentification {
    const { loginId, clientId, orderId, environment, receivedAt } = record;
    const subject = loginSubject(clientId, loginId);
    const { rootSha256 } = this.trust;
    const content = { ...record, statement: record.loginJson };
    const { sealed, ...ids } = sealContent(key, subject, report, content, rootSha256);
    const summary = {
      ...ids,
      kind,
      loginId,
      clientId,
      orderId,
      environment,
      indication: report.indication,
      subIndication: report.subIndication ?? undefined,
      signedAt: report.signedAt === null ? undefined : new Date(report.signedAt),
      receivedAt,
      storedAt: this.clock.now(),
      // Of the receipt, which is ours: a refused identification may name any time.
      retentionEndsAt: addMs(receivedAt, this.config.identificationRetentionDays * DAY_MS),
    };
    return { summary, subject, sealed, rootSha256, personHash: personHash(this.envelope, record.personalNumber) };
  }
}

function identificationOf(row: FoundIdentification, key: DataKey, answers: ReceivedAnswers): Identification {
  const { summary, sealed, rootPem } = row;
  const body = openBody({ ...summary, sealed }, key);
  const { consent: login, ...rest } = openContent({ ...summary, rootPem }, key, body, answers);
  return { ...summary, ...rest, login };
}
