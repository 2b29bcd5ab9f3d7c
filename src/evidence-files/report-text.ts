import { maskAccountNumber, maskAccountNumbers, type Account } from '../payment/account.ts';
import { DomainError } from '../kernel/errors.ts';
import type { RuleOutcome } from '../payment/bank-policy.ts';
import { isShown, type CreditorNameVerification } from '../payment/creditor-name-verification.ts';
import { formatCreditorReference } from '../payment/creditor-reference.ts';
import { formatAmount } from '../payment/money.ts';
import { parseLoginData, type SignedLoginFacts } from '../identification/non-visible.ts';
import { parseNonVisibleData, type SignedConsentFacts, type SignedFacts2 } from '../payment/non-visible.ts';
import { formatSignedAccount } from '../payment/visible-text.ts';
import { render } from '../verification/messages.ts';
import { findDecidingCheck, type CheckId, type Report } from '../verification/report.ts';
import { formatArchiveWarning, type ArchiveWarning, type FileMessage } from './file-messages.ts';
import type { ReportPhrases } from './report-phrases.ts';

/**
 * A report for people. If it is not a production signature, it says so first.
 * @param around lines about what came around the signature
 */
export function formatReport(report: Report, given: ReportPhrases, around: readonly string[] = []): string {
  const phrases = phrasesOf(report, given);
  const { indication, subIndication, matches } = report;
  const word = `${indication}${subIndication === null ? '' : ` / ${subIndication}`}`;
  // Printed before the standard's verdict, which does not include the comparison.
  const verdict = matches === 'no' ? `${phrases.noMatch}  ${word}` : word;
  const lines = [
    `${flagOf(report.environment)}${verdict}`,
    phrases.summary[matches === 'no' ? mismatchOf(report) : indication],
    '',
    ...reportRows(report, phrases).map(([label, value]) => `${label.padEnd(16)}${value}`),
    '',
    `${phrases.checks}:`,
    ...report.checks.flatMap((check) => [
      `  ${phrases.status[check.status].padEnd(14)}${questionOf(check.id, report, phrases)}`,
      ...(check.status === 'passed'
        ? []
        : [`  ${' '.repeat(14)}${check.id}: ${clean(render(phrases.checkMessages, check))}`]),
    ]),
    ...(around.length > 0 ? ['', ...around] : []),
    ...describeText(report, phrases),
    '',
    `${phrases.limits}:`,
    ...phrases.limit.map((limit) => `  - ${limit}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The phrases for what the report is about: a signature, or an identification. */
export function phrasesOf({ scope }: Report, phrases: ReportPhrases): ReportPhrases {
  if (scope !== 'identification') return phrases;
  const { check, statedAddressIsSame, ...others } = phrases.login;
  const bindings = { ...phrases.bindings, 'stated-address': statedAddressIsSame };
  return { ...phrases, ...others, bindings, check: { ...phrases.check, ...check } };
}

/** The question that a check answers. */
export function questionOf(id: CheckId, { environment }: Report, { check, path }: ReportPhrases): string {
  return id === 'path' ? path[environment ?? 'none'] : check[id];
}

/** What does not match: the files beside the signature, or its signer or recipient. */
export function mismatchOf({ checks }: Report): 'no-match' | 'not-meant' {
  const isOther = checks.some(({ id, status }) => id === 'content' && status !== 'passed' && status !== 'skipped');
  return isOther ? 'no-match' : 'not-meant';
}

/** One evidence of a list: the verdict, and on a second line why it is not TOTAL-PASSED. `reason`: why there is no verdict. */
export function formatLine(
  label: string,
  report: Report | undefined,
  reason: FileMessage | undefined,
  given: ReportPhrases,
): string {
  const phrases = report ? phrasesOf(report, given) : given;
  if (!report) {
    const why = reason ? `\n      ${clean(render(phrases.fileMessages, reason))}` : '';
    const word = reason?.message === 'file.unreadable' ? phrases.unreadable : phrases.noEvidence;
    return `${word}  ${clean(label)}${why}`;
  }
  const { indication, subIndication, matches } = report;
  const verdict = `${flagOf(report.environment)}${indication}${subIndication === null ? '' : `/${subIndication}`}`;
  const line = `${verdict}  ${phrases.matches}: ${phrases.matchInList[matches]}  ${clean(label)}  ${describeRelyingParty(report, phrases)}`;
  const deciding = findDecidingCheck(report);
  const row = report.checks.find(({ id }) => id === deciding);
  return row
    ? `${line}\n      ${phrases.status[row.status]}: ${questionOf(row.id, report, phrases)} (${row.id}: ${clean(render(phrases.checkMessages, row))})`
    : line;
}

type Row = readonly [label: string, value: string];

/** Everything that is established of the signature, label by label. */
export function reportRows(report: Report, phrases: ReportPhrases): readonly Row[] {
  const { signer } = report;
  return [
    [phrases.relyingParty, describeRelyingParty(report, phrases)],
    [phrases.matches, phrases.match[report.scope === 'signature' ? 'not-compared' : report.matches]],
    [phrases.signer, signer ? `${clean(signer.name)}, ${clean(signer.personalNumber)}` : phrases.notEstablished],
    [phrases.signedAt, report.signedAt ?? phrases.notProven],
    ...factsRows(report, phrases),
    [phrases.payer, phrases.payerKinds[report.payer]],
    ...relayRows(report, phrases),
    ...(report.bankPolicy?.rules ?? []).map((rule): Row => [phrases.bankRule, describeRule(rule, phrases)]),
    [phrases.trustAnchor, clean(report.trustAnchor ?? phrases.none)],
    ...report.warnings.map((warning): Row => [phrases.warning, `${warning} (${phrases.warnings[warning]})`]),
  ];
}

/** For whom and for what, from the signed data, if they are those of a consent or a login. */
function factsRows(report: Report, phrases: ReportPhrases): readonly Row[] {
  const { consent, login } = findSignedFacts(report);
  if (consent) return consentRows(consent, phrases);
  return login ? loginRows(login, phrases) : [];
}

/** Of reports that are still in use: each is written in several languages. */
const knownFacts = new WeakMap<Report, SignedFacts>();

/** What the signed bytes say; empty for other data, and where they are not established. */
export function findSignedFacts(report: Report): SignedFacts {
  const known = knownFacts.get(report);
  if (known) return known;
  const facts = readSignedFacts(report);
  knownFacts.set(report, facts);
  return facts;
}

function readSignedFacts({ nonVisibleData }: Report): SignedFacts {
  if (nonVisibleData === null) return {};
  const data = Buffer.from(nonVisibleData, 'base64');
  const consent = findFacts(parseNonVisibleData, data);
  if (consent) return { consent };
  const login = findFacts(parseLoginData, data);
  return login ? { login } : {};
}

export interface SignedFacts {
  readonly consent?: SignedConsentFacts;
  readonly login?: SignedLoginFacts;
}

/** Undefined for other data: what was signed for another service may be anything. */
function findFacts<F>(parse: (data: Uint8Array) => F, data: Uint8Array): F | undefined {
  try {
    return parse(data);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function loginRows(facts: SignedLoginFacts, phrases: ReportPhrases): readonly Row[] {
  const { forClient, scopes, code, channelOf } = phrases.login;
  return [
    [phrases.for, forClient(clean(facts.clientName), clean(facts.clientId))],
    [scopes, clean(facts.scopes.join(' '))],
    ...(facts.bindingMessage === undefined ? [] : [[code, clean(facts.bindingMessage)] as const]),
    [phrases.channel, channelOf(facts.channel)],
  ];
}

function consentRows(facts: SignedConsentFacts, phrases: ReportPhrases): readonly Row[] {
  const { tpp, initiation } = facts;
  const { instructedAmount } = initiation;
  const amount = `${formatAmount(instructedAmount)} ${instructedAmount.currency}`;
  return [
    [phrases.for, phrases.forWhom(clean(tpp.name), clean(tpp.authorisationNumber), clean(signedBank(facts)))],
    [phrases.payment, phrases.paymentTo(amount, clean(initiation.creditorName))],
    ...('channel' in facts ? rowsOfVersion2(facts, phrases) : []),
  ];
}

function rowsOfVersion2({ channel, creditorNameVerification }: SignedFacts2, phrases: ReportPhrases): readonly Row[] {
  const rows: readonly Row[] = [[phrases.channel, phrases.channelOf(channel)]];
  if (!creditorNameVerification) return rows;
  return [[phrases.payeeCheck, payeeCheckOf(creditorNameVerification, phrases)], ...rows];
}

/** The bank by its client id, and by the name that the signed data of newer templates give it. */
export function signedBank(facts: SignedConsentFacts): string {
  return 'bankName' in facts ? `${facts.bankName} (${facts.bank})` : facts.bank;
}

export type SignedPaymentRow = 'payee' | 'account' | 'payeeCheck' | 'ocr' | 'rf' | 'message' | 'reference' | 'debtor';

/**
 * To whom, for what and from where a payment was signed, as people read it; undefined for what was not said. Foreign text stands as it
 * is; an account that is numbered by its holder is masked.
 */
export function signedPaymentRows(
  facts: SignedConsentFacts,
  language: 'sv' | 'en',
  phrases: ReportPhrases,
): readonly (readonly [SignedPaymentRow, string | undefined])[] {
  const { initiation } = facts;
  const { creditorReference: reference, debtorAccount } = initiation;
  const check = 'creditorNameVerification' in facts ? facts.creditorNameVerification : undefined;
  const accountOf = (account: Account): string => maskAccountNumber(account, formatSignedAccount(account, language));
  return [
    ['payee', initiation.creditorName],
    ['account', accountOf(initiation.creditorAccount)],
    ['payeeCheck', check && payeeCheckOf(check, phrases)],
    [reference?.type === 'RF' ? 'rf' : 'ocr', reference && formatCreditorReference(reference)],
    ['message', initiation.remittanceInformationUnstructured],
    ['reference', initiation.endToEndIdentification],
    ['debtor', debtorAccount && accountOf(debtorAccount)],
  ];
}

/** The result in words, and by whose word: what a TPP alone says of the account holder's name is left to consent.json. */
function payeeCheckOf(verification: CreditorNameVerification, phrases: ReportPhrases): string {
  const { result, matchedName, attestation } = verification;
  const said = phrases.payeeCheckResults[result];
  if (attestation === undefined) return phrases.payeeCheckOfTpp(said, isShown(verification));
  return phrases.payeeCheckOfBank(matchedName === undefined ? said : phrases.payeeCheckName(said, clean(matchedName)));
}

/** What the service recorded of the devices. */
function relayRows({ relay }: Report, phrases: ReportPhrases): readonly Row[] {
  if (!relay) return [];
  const { asRecorded } = phrases;
  const address = relay.statedAddress;
  return [
    [phrases.binding, `${phrases.bindings[relay.binding]}, ${asRecorded}`],
    [phrases.risk, `${phrases.riskOf(clean(relay.risk))}, ${asRecorded}`],
    ...(address === null
      ? []
      : [[phrases.statedAddress, `${phrases.statedAddressOf(clean(address))}, ${asRecorded}`] as const]),
  ];
}

/** `large-amounts: met (risk at most low: low), as the service recorded` */
function describeRule({ name, outcome, conditions }: RuleOutcome, phrases: ReportPhrases): string {
  const { bankRuleOutcome, bankRuleCondition, bankRuleFound, asRecorded } = phrases;
  const found = (value: string | null): string => {
    if (value === 'true' || value === 'false') return bankRuleFound[value];
    return value === null ? bankRuleFound.none : clean(value);
  };
  const said = conditions.map((one) => `${bankRuleCondition[one.condition](clean(one.required))}: ${found(one.found)}`);
  const why = said.length > 0 ? ` (${said.join('; ')})` : '';
  return `${clean(name)}: ${bankRuleOutcome[outcome]}${why}, ${asRecorded}`;
}

/** The id of a warning, its file and its meaning. */
export function explainArchiveWarning(warning: ArchiveWarning, { archiveWarnings }: ReportPhrases): string {
  return `${clean(formatArchiveWarning(warning))} (${archiveWarnings[warning.id]})`;
}

/** The prefix for a signature that is not from production. */
export function flagOf(environment: Report['environment']): string {
  if (environment === 'test') return 'TEST  ';
  return environment === 'unpinned' ? 'UNPINNED  ' : '';
}

function describeRelyingParty({ relyingParty, warnings }: Report, phrases: ReportPhrases): string {
  if (relyingParty === null) return phrases.notEstablished;
  const isOpen = warnings.includes('relying-party-unverified');
  return `${clean(relyingParty)}${isOpen ? ` ${phrases.relyingPartyUnverified}` : ''}`;
}

/** The text that was signed, as it is shown where a personal number is masked: accounts that are numbered by their holders are too. */
export function maskedVisibleText(report: Report): string | null {
  const { consent } = findSignedFacts(report);
  if (report.visibleText === null || !consent) return report.visibleText;
  const { creditorAccount, debtorAccount } = consent.initiation;
  return maskAccountNumbers(report.visibleText, [creditorAccount, debtorAccount]);
}

function describeText({ visibleText, warnings }: Report, phrases: ReportPhrases): string[] {
  if (visibleText === null) {
    const unshown = warnings.find((warning) => warning === 'visible-text-not-utf8');
    return unshown ? ['', `${phrases.text}:`, `  (${phrases.warnings[unshown]})`] : [];
  }
  return ['', `${phrases.text}:`, ...visibleText.split('\n').map((line) => `  | ${clean(line)}`)];
}

/** The phrases of the text report stand after a label; where they stand alone they are sentences. */
export function sentence(text: string): string {
  const first = capital(text);
  return /[.:!?]$/.test(first) ? first : `${first}.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Terminals obey control characters, and bidi controls turn text around. */
export function clean(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
