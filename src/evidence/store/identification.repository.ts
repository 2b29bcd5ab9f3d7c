import { execute, rows, type Scope, type Tx } from '../../database/database.ts';
import { bytes, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { LEAST_UUID, type LoginId } from '../../kernel/ids.ts';
import type { IdentificationSummary, SealedIdentification } from '../identification.ts';
import { parseOpenPart } from './evidence.repository.ts';

/** A row with its root. */
export interface FoundIdentification extends Omit<SealedIdentification, 'personHash'> {
  /** Undefined where the row names a root that is not stored. */
  readonly rootPem: string | undefined;
}

const INSERT_IDENTIFICATION = statement(
  'evidence.insertIdentification',
  `with trace as (
     insert into person_trace (subject, kind, value) values ($3, 'signer', $17) on conflict do nothing)
   insert into identification (id, kind, subject, login_id, client_id, order_id, environment, indication, sub_indication,
                               digest, sealed, signed_at, received_at, stored_at, retention_ends_at, root_sha256)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
);

export async function insertIdentification(tx: Tx, identification: SealedIdentification): Promise<void> {
  const { summary: row, subject, sealed, rootSha256, personHash } = identification;
  await execute(tx, INSERT_IDENTIFICATION, [
    row.evidenceId,
    row.kind,
    subject,
    row.loginId,
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

const OPEN_PART = `i.id, i.kind, i.subject, i.login_id, i.client_id, i.order_id, i.environment, i.indication, i.sub_indication,
          i.digest, i.signed_at, i.received_at, i.stored_at, i.retention_ends_at`;

const SELECT_IDENTIFICATIONS = statement(
  'evidence.selectIdentifications',
  `select ${OPEN_PART}
     from identification i
    where i.subject = $1
    order by i.kind <> 'accepted', i.stored_at, i.id`,
);

/** All of a login, the accepted one first, then by age. The subject names its client. */
export async function selectIdentifications(scope: Scope, subject: string): Promise<readonly IdentificationSummary[]> {
  return rows(scope, SELECT_IDENTIFICATIONS, [subject], parseSummary);
}

const SEALED = `${OPEN_PART}, i.sealed, i.root_sha256,
          (select r.pem from signature_root r where r.sha256 = i.root_sha256) as root_pem`;

const SELECT_SEALED_IDENTIFICATIONS = statement(
  'evidence.selectSealedIdentifications',
  `select ${SEALED}
     from identification i
    where i.login_id = $1
    order by i.kind <> 'accepted', i.stored_at, i.id`,
);

/** The same with what is sealed, whichever client's login it is: for the operator. */
export async function selectSealedIdentifications(
  scope: Scope,
  loginId: LoginId,
): Promise<readonly FoundIdentification[]> {
  return rows(scope, SELECT_SEALED_IDENTIFICATIONS, [loginId], parseSealed);
}

const SELECT_IDENTIFICATIONS_OF_PERIOD = statement(
  'evidence.selectIdentificationsOfPeriod',
  `select ${SEALED}
     from identification i
    where (i.stored_at, i.id) > ($1, $2::uuid) and i.stored_at < $3
    order by i.stored_at, i.id
    limit $4`,
);

/** The next page in order of storing, after the last one of the page before. */
export async function selectIdentificationsOfPeriod(
  scope: Scope,
  { from, to }: { readonly from: Date; readonly to: Date },
  after: IdentificationSummary | undefined,
  limit: number,
): Promise<readonly FoundIdentification[]> {
  const values = [after?.storedAt ?? from, after?.evidenceId ?? LEAST_UUID, to, limit];
  return rows(scope, SELECT_IDENTIFICATIONS_OF_PERIOD, values, parseSealed);
}

function parseSealed(row: Row): FoundIdentification {
  return {
    summary: parseSummary(row),
    subject: text(row, 'subject'),
    sealed: bytes(row, 'sealed'),
    rootSha256: bytes(row, 'root_sha256'),
    rootPem: optionalText(row, 'root_pem'),
  };
}

function parseSummary(row: Row): IdentificationSummary {
  return { ...parseOpenPart(row), loginId: text(row, 'login_id') as LoginId };
}
