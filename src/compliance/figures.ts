import { Inject, Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { Period } from '../audit/period.ts';
import { Database } from '../database/database.ts';
import { formatInstant, type Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { ExportRequestError } from './export-request.ts';
import {
  sumExecutions,
  sumStates,
  type ExecutionFigure,
  type StateFigure,
} from './figures/payment-figures.repository.ts';
import { findDayAfter, findSwedishDay } from './period/swedish-days.ts';

/** Counts and sums of a bank's payments. They name no person. */
export interface PaymentFigures {
  readonly bank: string;
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  /** What they are good for, and what they lack. */
  readonly notes: readonly string[];
  readonly executions: readonly ExecutionFigure[];
  readonly states: readonly StateFigure[];
}

/**
 * Inputs to a bank's statistics on payment fraud. No table of the guidelines is filled, because half of each is not known here.
 * @see EBA/GL/2018/05 as amended by EBA/GL/2020/01, Guideline 7 and Annex 2, data breakdowns A and H
 */
export const figuresNotes = [
  'Inputs to EBA/GL/2018/05 as amended by EBA/GL/2020/01, Annex 2: data breakdown A, "of which initiated by payment initiation service providers" (reported by the bank), and data breakdown H (reported by each TPP).',
  'executions: payments whose end the bank has reported, by the time of its report, with the amounts that were signed. Only "executed" ones are payment transactions; payments that the bank has not reported are in none.',
  'Each payer signed the payment with BankID, strong customer authentication with dynamic linking; no exemption is applied here.',
  'states: consents that were pushed in the period, by their state now. They are no payment transactions.',
  'Not known here, and to be added by the bank or the TPP: fraudulent transactions and their types, losses by who bears them, the geography of the payee, whether the bank regards a channel as remote, and payments that passed by another service.',
  'A line without a currency counts payments whose amounts were erased at the end of their retention.',
] as const;

const HALF_YEAR = /^(20\d{2})-H([12])$/;

/**
 * A half-year in Sweden.
 * @param text `2026-H2`
 * @throws ExportRequestError
 */
export function parseHalfYear(text: string): Period {
  const [, year = '', half] = HALF_YEAR.exec(text) ?? [];
  const [first, last] = half === '1' ? ['01-01', '06-30'] : ['07-01', '12-31'];
  const from = findSwedishDay(`${year}-${first}`);
  const to = findDayAfter(`${year}-${last}`);
  if (!from || !to) throw new ExportRequestError('--half-year is a year and a half, as 2026-H2');
  return { from, to };
}

/** Counts and sums payments, for the reports of a bank. */
@Injectable()
export class Figures {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async ofBank(bank: string, period: Period): Promise<PaymentFigures> {
    const executions = await sumExecutions(this.database, period, bank);
    const states = await sumStates(this.database, period, bank);
    const times = { from: formatInstant(period.from), to: formatInstant(period.to) };
    return { bank, ...times, madeAt: formatInstant(this.clock.now()), notes: figuresNotes, executions, states };
  }
}

/** RFC 4180: a line for each figure, of both kinds. */
export function figuresCsv({ bank, executions, states }: PaymentFigures): string {
  const line = (kind: string, figure: ExecutionFigure | StateFigure, rest: readonly (string | undefined)[]) => {
    const { halfYear, tpp, way, callInitiator, currency, count, sum } = figure;
    return [kind, halfYear, bank, tpp, way, callInitiator, ...rest, currency, count, sum];
  };
  const lines = [
    ...executions.map((figure) => line('execution', figure, [figure.execution, undefined])),
    ...states.map((figure) => line('state', figure, [figure.state, figure.reason])),
  ];
  return stringify([[...COLUMNS], ...lines], { record_delimiter: 'windows', escape_formulas: true });
}

const COLUMNS = [
  ...['kind', 'half_year', 'bank', 'tpp', 'channel', 'call_initiator', 'state_or_execution', 'reason'],
  ...['currency', 'count', 'sum'],
] as const;

/** For people: the figures in columns, then what they are good for. */
export function figuresText(figures: PaymentFigures): string {
  const { bank, from, to, executions, states, notes } = figures;
  const amount = ({ sum, currency }: ExecutionFigure | StateFigure): string =>
    sum === undefined || currency === undefined ? 'amounts erased' : `${sum} ${currency}`;
  const who = ({ halfYear, tpp, way, callInitiator }: ExecutionFigure | StateFigure): string =>
    `${halfYear}  ${tpp}  ${callInitiator === undefined ? way : `${way} (${callInitiator})`}`;
  const lines = [
    `${bank}, ${from} to ${to}`,
    'Payments whose end the bank reported:',
    ...executions.map((figure) => `  ${who(figure)}  ${figure.execution}  ${figure.count}  ${amount(figure)}`),
    'Consents that were pushed, by their state now:',
    ...states.map((figure) => {
      const { state, reason, count } = figure;
      return `  ${who(figure)}  ${reason === undefined ? state : `${state} (${reason})`}  ${count}  ${amount(figure)}`;
    }),
    ...notes.map((note) => `- ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}
