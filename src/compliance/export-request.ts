import { findDayOrInstant } from '../kernel/clock.ts';
import {
  findLoginId,
  parseConsentId,
  parseEvidenceId,
  type ConsentId,
  type EvidenceId,
  type LoginId,
} from '../kernel/ids.ts';
import type { Client, Clients } from '../clients/clients.ts';
import type { Period } from '../audit/period.ts';
import { findPersonalNumber, type PersonalNumber } from '../kernel/personal-number.ts';

/**
 * `list`: tables, and papers in which the payer's number is masked; without signatures. `folders`: the evidence folders too. `bundles`:
 * each evidence as one sealed file. `jsonl`: the evidence as one file for machines, a line each.
 */
export const exportFormats = ['list', 'folders', 'bundles', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Which consents are exported. `signed`: those with accepted evidence, also where they were revoked or expired afterwards. */
export const exportedStates = ['signed'] as const;
export type ExportedState = (typeof exportedStates)[number];

/** Which consents to export (of the period), for whom and why. */
export interface ExportRequest extends Period {
  /** The calendar days in Sweden by which the period was named. */
  readonly days: { readonly first: string; readonly last: string } | undefined;
  readonly tpp: string | undefined;
  readonly bank: string | undefined;
  readonly consentId: ConsentId | undefined;
  /** The reference of the payment at the bank. */
  readonly reference: string | undefined;
  /** Keyed hashes of a person's number: only consents that point to this person. */
  readonly payer: readonly Buffer[] | undefined;
  readonly states: readonly ExportedState[];
  readonly format: ExportFormat;
  /** Whether each consent has its receipt. */
  readonly receipts: boolean;
  readonly purpose: string;
  readonly caseReference: string | undefined;
  /** Whether an operator takes it out for that case, without order and approval. */
  readonly isBreakGlass: boolean;
  /** A client id, or `operator:` and a login name. */
  readonly requestedBy: string;
}

/**
 * Whether a second person must approve it: what holds a signature cannot be masked, for its certificate names the person. One consent
 * that is named by its id is a case in hand.
 */
export function needsApproval({
  format,
  consentId,
}: {
  readonly format: ExportFormat;
  readonly consentId: string | undefined;
}): boolean {
  return format !== 'list' && consentId === undefined;
}

/** The options of a command line or a form. */
export interface ExportWords {
  readonly from: string;
  readonly to: string;
  readonly tpp?: string | undefined;
  readonly bank?: string | undefined;
  readonly consent?: string | undefined;
  readonly purpose: string;
  /** The case for which an operator takes it out, without order and approval. */
  readonly breakGlass?: string | undefined;
}

/** Which evidence of a login to export, for whom and why. */
export interface LoginExportRequest {
  readonly loginId: LoginId;
  readonly evidenceId: EvidenceId | undefined;
  readonly purpose: string;
  readonly requestedBy: string;
}

/** An invalid request. The message quotes ids of it at most. */
export class ExportRequestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExportRequestError';
  }
}

const MAX_PURPOSE = 200;
/** The reference of a case, as the database accepts it too. */
export const CASE_REFERENCE = /^[A-Za-z0-9/-]{1,40}$/;

/** @throws ExportRequestError */
export function parseExportRequest(words: ExportWords, requestedBy: string): ExportRequest {
  return {
    ...parsePeriod(words),
    days: undefined,
    reference: undefined,
    payer: undefined,
    states: ['signed'],
    format: 'folders',
    receipts: false,
    caseReference: words.breakGlass === undefined ? undefined : parseCase(words.breakGlass),
    isBreakGlass: words.breakGlass !== undefined,
    tpp: words.tpp,
    bank: words.bank,
    consentId: words.consent === undefined ? undefined : parseConsent(words.consent),
    purpose: parsePurpose(words.purpose),
    requestedBy,
  };
}

/** @throws ExportRequestError */
export function parseLoginExportRequest(
  words: { readonly login: string; readonly evidence?: string | undefined; readonly purpose: string },
  requestedBy: string,
): LoginExportRequest {
  const loginId = findLoginId(words.login);
  if (!loginId) throw new ExportRequestError('the login is not an id');
  const evidenceId = words.evidence === undefined ? undefined : parseEvidence(words.evidence);
  return { loginId, evidenceId, purpose: parsePurpose(words.purpose), requestedBy };
}

/** [from, to). @throws ExportRequestError */
export function parsePeriod(words: Pick<ExportWords, 'from' | 'to'>): Period {
  const from = parseMoment(words.from, 'from');
  const to = parseMoment(words.to, 'to');
  if (from >= to) throw new ExportRequestError('the period [from, to) ends before it begins');
  return { from, to };
}

function parseMoment(value: string, name: string): Date {
  const at = findDayOrInstant(value);
  if (!at) throw new ExportRequestError(`${name} is neither an RFC 3339 time nor a date (in UTC)`);
  return at;
}

/**
 * One line without a personal number, as it is recorded in the audit trail and the manifest.
 * @throws ExportRequestError
 */
export function parsePurpose(value: string): string {
  const purpose = value.trim();
  if (purpose === '' || purpose.length > MAX_PURPOSE || /\p{Cc}/u.test(purpose)) {
    throw new ExportRequestError(`the purpose is one line of 1 to ${MAX_PURPOSE} characters`);
  }
  const digits = purpose.replaceAll(/(\d)[ +\-\u2010-\u2015\u2212](?=\d)/g, '$1').match(/\d{10,12}/g) ?? [];
  if (digits.some((number) => ['', '19', '20'].some((century) => findPersonalNumber(century + number)))) {
    throw new ExportRequestError('the purpose must not hold a personal number');
  }
  return purpose;
}

/** @throws ExportRequestError */
export function parseCase(value: string): string {
  if (!CASE_REFERENCE.test(value))
    throw new ExportRequestError('--case is 1 to 40 letters, digits, hyphens and slashes');
  return value;
}

/** The bank that `--bank` names. @throws ExportRequestError */
export function parseBank(id: string, clients: Pick<Clients, 'findClient'>): Client {
  const bank = clients.findClient(id);
  if (bank?.role !== 'bank') throw new ExportRequestError(`--bank names no registered bank: ${id}`);
  return bank;
}

/** The number of a person, which is given on standard input: a command line is seen by others. @throws ExportRequestError */
export function parsePerson(value: string): PersonalNumber {
  const number = findPersonalNumber(value);
  if (!number) throw new ExportRequestError('standard input holds no personal number of twelve digits');
  return number;
}

/** @throws ExportRequestError */
export function parseConsent(value: string): ConsentId {
  try {
    return parseConsentId(value);
  } catch {
    throw new ExportRequestError('the consent is not an id');
  }
}

function parseEvidence(value: string): EvidenceId {
  try {
    return parseEvidenceId(value);
  } catch {
    throw new ExportRequestError('the evidence is not an id');
  }
}
