import { rows, type Scope } from '../../database/database.ts';
import { int, optionalText, text, type Row } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { Period } from '../../audit/period.ts';

/** What payments are counted by. */
interface Counted {
  /** Of Swedish time: `2026-H2`. */
  readonly halfYear: string;
  readonly tpp: string;
  readonly way: string;
  /** Who called, where the way is `phone`. */
  readonly callInitiator: string | undefined;
  /** Undefined for consents that were erased: their amounts are gone. */
  readonly currency: string | undefined;
  readonly count: number;
  /** With the decimals of its currency; undefined without one. */
  readonly sum: string | undefined;
}

/** Payments whose end the bank reported. */
export interface ExecutionFigure extends Counted {
  /** `executed` or `failed`. */
  readonly execution: string;
}

/** Consents that were asked for, by what became of them. */
export interface StateFigure extends Counted {
  readonly state: string;
  /** Why it ended, if not by consumption. */
  readonly reason: string | undefined;
}

const halfYearOf = (column: string): string =>
  `to_char(${column} at time zone 'Europe/Stockholm', 'YYYY') || case when extract(month from ${column} at time zone 'Europe/Stockholm') < 7 then '-H1' else '-H2' end`;

const SUM_EXECUTIONS = statement(
  'compliance.sumExecutions',
  `select half_year, tpp, way, call_initiator, currency, execution, count(*) as n, sum(amount)::text as sum
     from (select ${halfYearOf('c.execution_reported_at')} as half_year, c.client_id as tpp, c.way, c.call_initiator, c.execution,
                  s.amount ->> 'currency' as currency, (s.amount ->> 'amount')::numeric as amount
             from consent c
             join authorisation a on a.consent_id = c.id
            cross join lateral (select a.initiation::jsonb -> 'instructedAmount' as amount) s
            where c.execution_reported_at >= $1 and c.execution_reported_at < $2 and c.bank = $3) ended
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6`,
);

/** Payments of a bank whose end was reported in the period, with the amounts that were signed. */
export async function sumExecutions(
  scope: Scope,
  { from, to }: Period,
  bank: string,
): Promise<readonly ExecutionFigure[]> {
  return rows(
    scope,
    SUM_EXECUTIONS,
    [from, to, bank],
    (row) => ({ ...counted(row), execution: text(row, 'execution') }),
    'each-time',
  );
}

const SUM_STATES = statement(
  'compliance.sumStates',
  `select half_year, tpp, way, call_initiator, currency, state, reason, count(*) as n, sum(amount)::text as sum
     from (select ${halfYearOf('c.created_at')} as half_year, c.client_id as tpp, c.way, c.call_initiator, c.state, c.reason,
                  c.initiation -> 'instructedAmount' ->> 'currency' as currency,
                  (c.initiation -> 'instructedAmount' ->> 'amount')::numeric as amount
             from consent c
            where c.created_at >= $1 and c.created_at < $2 and c.bank = $3) asked
    group by 1, 2, 3, 4, 5, 6, 7
    order by 1, 2, 3, 4, 5, 6, 7`,
);

/** Consents of a bank that were pushed in the period, by their state now. */
export async function sumStates(scope: Scope, { from, to }: Period, bank: string): Promise<readonly StateFigure[]> {
  return rows(
    scope,
    SUM_STATES,
    [from, to, bank],
    (row) => ({ ...counted(row), state: text(row, 'state'), reason: optionalText(row, 'reason') }),
    'each-time',
  );
}

function counted(row: Row): Counted {
  return {
    halfYear: text(row, 'half_year'),
    tpp: text(row, 'tpp'),
    way: text(row, 'way'),
    callInitiator: optionalText(row, 'call_initiator'),
    currency: optionalText(row, 'currency'),
    count: int(row, 'n'),
    sum: optionalText(row, 'sum'),
  };
}
