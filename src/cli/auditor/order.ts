import type { JsonObject } from '../../kernel/json.ts';
import { CommandFailure, exitCodes } from './failures.ts';

/** The options of `sigill export` that say what is ordered. What they may be, the service says. */
export interface OrderOptions {
  readonly format?: string;
  readonly firstDay?: string;
  readonly lastDay?: string;
  readonly from?: string;
  readonly to?: string;
  readonly tpp?: string;
  readonly consent?: string;
  readonly reference?: string;
  readonly receipts?: true;
  readonly purpose?: string;
  readonly case?: string;
}

/** The member of an order that each option gives. */
const members = {
  format: 'format',
  firstDay: 'firstDay',
  lastDay: 'lastDay',
  from: 'from',
  to: 'to',
  tpp: 'tpp',
  consent: 'consentId',
  reference: 'paymentReference',
  receipts: 'receipts',
  purpose: 'purpose',
  case: 'caseReference',
} as const satisfies Record<keyof OrderOptions, string>;

/**
 * The body of `POST /exports`, but for the payer, whom standard input names. Without a format, one consent is ordered with its evidence and a period as a list, which needs no approval.
 * @throws CommandFailure where there is no purpose
 */
export function orderOf(options: OrderOptions): JsonObject {
  if (options.purpose === undefined)
    throw new CommandFailure('--purpose is missing: why the export is made, as audit or complaint', exitCodes.usage);
  const format = options.format ?? (options.consent === undefined ? 'list' : 'folders');
  const given = { ...options, format };
  const words = Object.entries(members).flatMap(([option, member]) => {
    const word = given[option as keyof OrderOptions];
    return word === undefined ? [] : [[member, word] as const];
  });
  return Object.fromEntries(words);
}

/** Of which option the service speaks. */
export function optionOf(member: string): string | undefined {
  const [name] =
    Object.entries({ ...members, payer: 'payer' }).find(([, given]) => given === member.split('/')[0]) ?? [];
  return name && nameOf(name);
}

/** `--first-day` for `firstDay`. */
export function nameOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
