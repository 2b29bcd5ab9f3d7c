import { isEnvironment, type Environment } from '../../kernel/environment.ts';
import type { ConsentId, EvidenceId, OrderId } from '../../kernel/ids.ts';
import { execute, maybeRow, rows, type Scope, type Tx } from '../../database/database.ts';
import { bytes, instant, optionalBytes, optionalInstant, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { EvidenceKind, EvidenceOfBank, EvidenceSummary, SealedEvidence } from '../evidence.ts';

/** A row with its root, and with the TPP's signed request, if it sent one. */
export interface FoundEvidence extends Omit<SealedEvidence, 'personHash'> {
  /** Undefined where the row names a root that is not stored. */
  readonly rootPem: string | undefined;
  readonly requestObjectSealed: Buffer | undefined;
}

const INSERT_EVIDENCE = statement(
  'evidence.insertEvidence',
  `with trace as (
     insert into person_trace (subject, kind, value) values ($3, 'signer', $18) on conflict do nothing)
   insert into evidence (id, kind, subject, consent_id, bank, client_id, order_id, environment, indication, sub_indication,
                         digest, sealed, signed_at, received_at, stored_at, retention_ends_at, root_sha256)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
);

export async function insertEvidence(tx: Tx, evidence: SealedEvidence): Promise<void> {
  const { summary: row, subject, sealed, rootSha256, personHash } = evidence;
  await execute(tx, INSERT_EVIDENCE, [
    row.evidenceId,
    row.kind,
    subject,
    row.consentId,
    row.bank,
    row.clientId,
    row.orderId,
    row.environment,
    row.indication,
    row.subIndication ?? null,
    row.evidenceDigest,
    sealed,
    row.signedAt ?? null,
    row.receivedAt,
    row.storedAt,
    row.retentionEndsAt,
    rootSha256,
    personHash,
  ]);
}

const SELECT_EVIDENCE_OF_CONSENT = statement(
  'evidence.selectEvidenceOfConsent',
  `select id, kind, consent_id, bank, client_id, order_id, environment, indication, sub_indication, digest, signed_at,
          received_at, stored_at, retention_ends_at
     from evidence
    where consent_id = $1 and bank = $2
    order by kind <> 'accepted', stored_at, id`,
);

/** All evidence of a consent at this bank, the accepted one first, then by age. */
export async function selectEvidenceOfConsent(
  scope: Scope,
  consentId: ConsentId,
  bank: string,
): Promise<readonly EvidenceSummary[]> {
  return rows(scope, SELECT_EVIDENCE_OF_CONSENT, [consentId, bank], parseSummary);
}

const SEALED = `e.id, e.kind, e.subject, e.consent_id, e.bank, e.client_id, e.order_id, e.environment, e.indication,
          e.sub_indication, e.digest, e.sealed, e.signed_at, e.received_at, e.stored_at, e.retention_ends_at, e.root_sha256,
          (select r.pem from signature_root r where r.sha256 = e.root_sha256) as root_pem,
          (select a.sealed from evidence_attachment a where a.evidence_id = e.id and a.kind = 'request-object')
            as request_object_sealed`;

const SELECT_SEALED_EVIDENCE = statement(
  'evidence.selectSealedEvidence',
  `select ${SEALED} from evidence e where e.id = $1 and e.bank = $2`,
);

export async function selectSealedEvidence(
  scope: Scope,
  evidenceId: EvidenceId,
  bank: string,
): Promise<FoundEvidence | undefined> {
  return maybeRow(scope, SELECT_SEALED_EVIDENCE, [evidenceId, bank], parseSealed);
}

const SELECT_ALL_SEALED = statement(
  'evidence.selectAllSealed',
  `select ${SEALED}
     from unnest($1::uuid[], $2::text[]) with ordinality wanted (id, bank, place)
     join evidence e on e.id = wanted.id and e.bank = wanted.bank
    order by wanted.place`,
);

/** The same of several, in their order. One that is unknown, or of another bank, is left out. */
export async function selectAllSealed(
  scope: Scope,
  wanted: readonly EvidenceOfBank[],
): Promise<readonly FoundEvidence[]> {
  const values = [wanted.map(({ evidenceId }) => evidenceId), wanted.map(({ bank }) => bank)];
  return rows(scope, SELECT_ALL_SEALED, values, parseSealed);
}

function parseSealed(row: Row): FoundEvidence {
  return {
    summary: parseSummary(row),
    subject: text(row, 'subject'),
    sealed: bytes(row, 'sealed'),
    rootSha256: bytes(row, 'root_sha256'),
    rootPem: optionalText(row, 'root_pem'),
    requestObjectSealed: optionalBytes(row, 'request_object_sealed'),
  };
}

function parseSummary(row: Row): EvidenceSummary {
  return { ...parseOpenPart(row), consentId: text(row, 'consent_id') as ConsentId, bank: text(row, 'bank') };
}

/** The columns that evidence of payments and of logins have alike, without what it belongs to. */
export function parseOpenPart(row: Row): Omit<EvidenceSummary, 'consentId' | 'bank'> {
  return {
    evidenceId: text(row, 'id') as EvidenceId,
    kind: text(row, 'kind') as EvidenceKind,
    clientId: text(row, 'client_id'),
    orderId: text(row, 'order_id') as OrderId,
    environment: parseEnvironment(text(row, 'environment')),
    indication: text(row, 'indication'),
    subIndication: optionalText(row, 'sub_indication'),
    evidenceDigest: bytes(row, 'digest'),
    signedAt: optionalInstant(row, 'signed_at'),
    receivedAt: instant(row, 'received_at'),
    storedAt: instant(row, 'stored_at'),
    retentionEndsAt: instant(row, 'retention_ends_at'),
  };
}

function parseEnvironment(value: string): Environment {
  if (!isEnvironment(value))
    throw new TypeError('the column environment holds none of sandbox, bankid-test and production');
  return value;
}
