import { findInstant } from '../../kernel/clock.ts';
import { findDayAfter, findSwedishDay } from '../period/swedish-days.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import { parseConsentId } from '../../kernel/ids.ts';
import { malformed } from '../../http/message.pipe.ts';
import type { Period } from '../../audit/period.ts';
import type { ExportFormat, ExportRequest } from '../export-request.ts';
import type { ReadingPurpose } from '../../uploads/purpose.ts';
import { exportNames, type OrderedExport } from './export-order.ts';
import type { ExportOrderRequestDto } from './exports.dto.ts';

/** Before any consent: the period of an order for one consent. */
const BEGINNING = new Date('2020-01-01T00:00:00Z');

/**
 * What a client orders.
 * @throws DomainError `request.malformed` with the member at fault
 */
export function parseOrder(
  body: ExportOrderRequestDto,
  caller: { readonly bank: string; readonly requestedBy: string },
  now: Date,
): ParsedOrder {
  if (body.states?.length === 0) throw malformed('/states', 'A list with at least one state is expected here.');
  const format = body.format as ExportFormat;
  const period = body.consentId === undefined ? parsePeriod(body, now) : wholeTime(body, now);
  return {
    ...period,
    ...caller,
    format,
    tpp: body.tpp,
    consentId: body.consentId === undefined ? undefined : parseConsentId(body.consentId),
    ...namesOf(body),
    receipts: body.receipts ?? false,
    purpose: body.purpose as ReadingPurpose,
    caseReference: body.caseReference,
  };
}

/** An order as it came, with what is stored sealed alone. */
export interface ParsedOrder extends OrderedExport {
  readonly paymentReference: string | undefined;
  readonly payer: PersonalNumber | undefined;
}

/** No refusal repeats the number. */
function namesOf({
  payer,
  paymentReference,
}: ExportOrderRequestDto): Pick<ParsedOrder, 'names' | 'payer' | 'paymentReference'> {
  const person = payer === undefined ? undefined : findPersonalNumber(payer);
  if (payer !== undefined && !person) throw malformed('/payer', 'A personal number of twelve digits is expected here.');
  const names = exportNames.filter((name) => (name === 'payer' ? person : paymentReference) !== undefined);
  return { names, payer: person, paymentReference };
}

type OrderedPeriod = Period & Pick<ExportRequest, 'days'>;

/** The period of a named consent is not asked for. */
function wholeTime(body: ExportOrderRequestDto, now: Date): OrderedPeriod {
  const { from, to, firstDay, lastDay, tpp, payer, paymentReference, states } = body;
  const named = Object.entries({ from, to, firstDay, lastDay, tpp, payer, paymentReference, states }).find(
    ([, value]) => value !== undefined,
  );
  if (named) throw malformed(`/${named[0]}`, 'An order for one consent names nothing else.');
  return { from: BEGINNING, to: now, days: undefined };
}

function parsePeriod({ from, to, firstDay, lastDay }: ExportOrderRequestDto, now: Date): OrderedPeriod {
  const isByDay = firstDay !== undefined || lastDay !== undefined;
  if (isByDay && (from !== undefined || to !== undefined))
    throw malformed(from === undefined ? '/to' : '/from', 'A period is given by moments or by days, not by both.');
  const [begin, end] = isByDay ? (['firstDay', 'lastDay'] as const) : (['from', 'to'] as const);
  const period = isByDay
    ? {
        from: needed(firstDay, begin, DAY, findSwedishDay),
        to: needed(lastDay, end, DAY, findDayAfter),
        days: { first: firstDay ?? '', last: lastDay ?? '' },
      }
    : { days: undefined, from: needed(from, begin, MOMENT, findInstant), to: needed(to, end, MOMENT, findInstant) };
  if (period.from >= period.to) throw malformed(`/${end}`, 'The period ends before it begins.');
  if (period.to > now) throw malformed(`/${end}`, 'The period has not ended yet.');
  return period;
}

const DAY = 'A day is expected here, as 2026-03-29.';
const MOMENT = 'A moment is expected here, as RFC 3339 writes it, with its offset from UTC.';

function needed(
  text: string | undefined,
  name: string,
  sentence: string,
  find: (text: string) => Date | undefined,
): Date {
  if (text === undefined) throw malformed(`/${name}`, 'This member is missing.');
  const at = find(text);
  // PostgreSQL's calendar and ours agree from then on, and nothing is older.
  if (!at || at.getUTCFullYear() < 2000) throw malformed(`/${name}`, sentence);
  return at;
}
