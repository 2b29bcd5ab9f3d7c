import { maybeRow, rows, type Scope } from '../../../database/database.ts';
import { bool, bytes, int, optionalInstant, optionalText, text, type Row } from '../../../database/rows.ts';
import { statement } from '../../../database/statement.ts';
import type { EvidenceKind } from '../../../evidence/evidence.ts';
import { MAX_NUMBERS } from '../../../evidence-files/ledger-lines.ts';
import type { ExportRequest } from '../../export-request.ts';

/** Numbers from the first to the last, both included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

const SELECT_AUTHORISED_NUMBERS = statement(
  'compliance.selectAuthorisedNumbers',
  `select min(number) as first, max(number) as last, count(*) > ${MAX_NUMBERS} as many,
          coalesce(bool_or(number is null and authorised_at < $5), false) as unnumbered
     from (select l.number, a.authorised_at
             from authorisation a left join ledger_leaf l on l.evidence_id = a.evidence_id and l.bank = a.bank
            where a.authorised_at >= $2 and a.authorised_at < $3 and ($1::text is null or a.bank = $1)
              and ($4::uuid is null or a.consent_id = $4)
            limit ${MAX_NUMBERS + 1}) authorised`,
);

/**
 * The least and the greatest number of evidence that authorised a consent in the period, or the one that is named. Undefined for
 * none; `too-many` where there are more than an export answers for; `unnumbered` where one that was authorised before
 * `settledBefore` has no number.
 * @param bank undefined for all: then only whether all have numbers means something
 */
export async function selectAuthorisedNumbers(
  scope: Scope,
  bank: string | undefined,
  { from, to, consentId }: Pick<ExportRequest, 'from' | 'to' | 'consentId'>,
  settledBefore: Date,
): Promise<NumberRange | 'too-many' | 'unnumbered' | undefined> {
  const values = [bank ?? null, from, to, consentId ?? null, settledBefore];
  const [found] = await rows(scope, SELECT_AUTHORISED_NUMBERS, values, parseNumbers, 'each-time');
  return found;
}

const SELECT_NUMBER_BEFORE = statement(
  'compliance.selectNumberBefore',
  `select coalesce((select l.number
                      from authorisation a join ledger_leaf l on l.evidence_id = a.evidence_id and l.bank = a.bank
                     where a.authorised_at < $2 and a.bank = $1
                     order by a.authorised_at desc, a.evidence_id desc limit 1), 0) as number`,
);

/** The number of the last evidence that authorised a consent of the bank before then; 0 for none. */
export async function selectNumberBefore(scope: Scope, bank: string, before: Date): Promise<number> {
  return (await maybeRow(scope, SELECT_NUMBER_BEFORE, [bank, before], (row) => int(row, 'number'))) ?? 0;
}

/** A leaf l, and what says of which time its evidence is; the least or the greatest of those of which nothing does. */
const UNDATED = `left join evidence e on e.id = l.evidence_id and e.bank = l.bank
     left join authorisation a on a.consent_id = e.consent_id and a.evidence_id = e.id
    where l.bank = $1 and (e.id is null or (e.kind = 'accepted' and a.consent_id is null))`;
const DATED = `join evidence e on e.id = l.evidence_id and e.bank = l.bank
                       join authorisation a on a.consent_id = e.consent_id and a.evidence_id = e.id
                      where l.bank = $1`;

const SELECT_UNDATED_BELOW = statement(
  'compliance.selectUndatedBelow',
  `select min(l.number) as number
     from ledger_leaf l ${UNDATED} and l.number < $2
      and l.number > coalesce((select l.number from ledger_leaf l ${DATED} and l.number < $2 order by l.number desc limit 1), 0)`,
);

const SELECT_UNDATED_ABOVE = statement(
  'compliance.selectUndatedAbove',
  `select max(l.number) as number
     from ledger_leaf l ${UNDATED} and l.number > $2
      and l.number < coalesce((select l.number from ledger_leaf l ${DATED} and l.number > $2 order by l.number limit 1),
                              9007199254740992)`,
);

/**
 * The least number between a number and the authorising evidence before it of which nothing says when it was authorised: a lost one,
 * or one whose rows were removed.
 */
export async function selectUndatedBelow(scope: Scope, bank: string, number: number): Promise<number | undefined> {
  return maybeNumber(scope, SELECT_UNDATED_BELOW, bank, number);
}

/** The greatest such number between a number and the authorising evidence after it. */
export async function selectUndatedAbove(scope: Scope, bank: string, number: number): Promise<number | undefined> {
  return maybeNumber(scope, SELECT_UNDATED_ABOVE, bank, number);
}

/** A number of a bank, and what is stored of its evidence. */
export interface NumberedEvidence {
  readonly number: number;
  readonly digest: Buffer;
  /** Undefined where the service has no such evidence. */
  readonly evidence: StoredEvidence | undefined;
}

export interface StoredEvidence {
  readonly kind: EvidenceKind;
  readonly consentId: string;
  readonly tpp: string;
  /** Undefined for evidence that authorised nothing. */
  readonly authorisedAt: Date | undefined;
  /** Whether it is of the payment and the person that the order names; true where it names none. */
  readonly isNamed: boolean;
  /** Whether its data key exists. */
  readonly isReadable: boolean;
}

const SELECT_NUMBERED_EVIDENCE = statement(
  'compliance.selectNumberedEvidence',
  `select l.number, l.digest, e.kind, e.consent_id, e.client_id, a.authorised_at,
          exists (select from data_key k where k.subject = e.subject) as readable,
          ($5::text is null
             or exists (select from consent c where c.id = e.consent_id and c.bank = e.bank and c.payment_reference = $5))
          and ($6::bytea[] is null
               or exists (select from person_trace t where t.subject = e.subject and t.value = any($6))) as named
     from ledger_leaf l
     left join evidence e on e.id = l.evidence_id and e.bank = l.bank and e.digest = l.digest
     left join authorisation a on a.consent_id = e.consent_id and a.evidence_id = e.id
    where l.bank = $1 and l.number > $2 and l.number <= $3
    order by l.number
    limit $4`,
);

/** The numbers after one, up to `last`, `limit` at most, in their order. */
export async function selectNumberedEvidence(
  scope: Scope,
  { bank, reference, payer }: Pick<ExportRequest, 'bank' | 'reference' | 'payer'>,
  { after, last }: { readonly after: number; readonly last: number },
  limit: number,
): Promise<readonly NumberedEvidence[]> {
  const values = [bank ?? null, after, last, limit, reference ?? null, payer ?? null];
  return rows(scope, SELECT_NUMBERED_EVIDENCE, values, parseNumbered, 'each-time');
}

function parseNumbered(row: Row): NumberedEvidence {
  const kind = optionalText(row, 'kind');
  const evidence = kind === undefined ? undefined : parseStored(row, kind as EvidenceKind);
  return { number: int(row, 'number'), digest: bytes(row, 'digest'), evidence };
}

function parseStored(row: Row, kind: EvidenceKind): StoredEvidence {
  return {
    kind,
    consentId: text(row, 'consent_id'),
    tpp: text(row, 'client_id'),
    authorisedAt: optionalInstant(row, 'authorised_at'),
    isNamed: bool(row, 'named'),
    isReadable: bool(row, 'readable'),
  };
}

function parseNumbers(row: Row): NumberRange | 'too-many' | 'unnumbered' | undefined {
  if (bool(row, 'many')) return 'too-many';
  if (bool(row, 'unnumbered')) return 'unnumbered';
  return row['first'] === null ? undefined : { first: int(row, 'first'), last: int(row, 'last') };
}

async function maybeNumber(
  scope: Scope,
  sql: ReturnType<typeof statement>,
  bank: string,
  number: number,
): Promise<number | undefined> {
  return maybeRow(scope, sql, [bank, number], (row) => (row['number'] === null ? undefined : int(row, 'number')));
}
