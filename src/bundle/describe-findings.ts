import { clean } from '../evidence-files/report-text.ts';
import type { FindingPhrases } from './finding-phrases.ts';
import {
  needsSeal,
  timestampsOf,
  type Findings,
  type GenuineSeal,
  type LedgerFinding,
  type SealFinding,
  type TimestampFinding,
} from './findings.ts';

/** How a finding is marked, besides its words: `open` is never red. */
export type Mark = 'good' | 'open' | 'bad' | 'none';

/** One of the three findings in words. */
export interface FindingRow {
  readonly id: 'seal' | 'ledger' | 'time';
  readonly label: string;
  /** The state in a word or two. */
  readonly state: string;
  readonly mark: Mark;
  /** What it rests on, or why not. */
  readonly sentences: readonly string[];
}

/**
 * Seal, ledger and time, each with its state and its reasons. Foreign text in them is made harmless.
 * @param timeOf how a time in RFC 3339 is written
 */
export function describeFindings(
  findings: Findings,
  phrases: FindingPhrases,
  timeOf: (time: string) => string = (time) => time,
): readonly FindingRow[] {
  return [sealRow(findings, phrases), ledgerRow(findings.ledger, phrases), timeRow(findings, phrases, timeOf)];
}

/** What is shown to be wrong, a line for each: the verdict on the signature, which may be good in itself, does not say it. */
export function describeUnsound(findings: Findings, phrases: FindingPhrases): readonly string[] {
  return describeFindings(findings, phrases)
    .filter(({ mark }) => mark === 'bad')
    .map(formatFinding);
}

/** One finding with all its reasons on a line. */
export function formatFinding({ label, state, sentences }: FindingRow): string {
  return `${label}: ${[state, ...sentences].join('; ')}`;
}

/** The same as lines of a text: one for each sentence. */
export function formatFindings(findings: Findings, phrases: FindingPhrases): readonly string[] {
  return [
    `${phrases.around}:`,
    ...describeFindings(findings, phrases).flatMap(({ label, state, sentences }) => [
      `  ${label}: ${state}`,
      ...sentences.map((sentence) => `      ${sentence}`),
    ]),
  ];
}

function sealRow({ container, seal }: Findings, phrases: FindingPhrases): FindingRow {
  const row = { id: 'seal', label: phrases.seal, state: phrases.sealStates[seal.state] } as const;
  switch (seal.state) {
    case 'none':
      return { ...row, mark: needsSeal(container) ? 'bad' : 'none', sentences: [phrases.noSeal[container]] };
    case 'unsound':
      return { ...row, mark: 'bad', sentences: [reasonOf(seal, phrases)] };
    case 'sound':
      return { ...row, mark: 'good', sentences: [sealerOf(seal, phrases)] };
    case 'untrusted':
      return { ...row, mark: 'open', sentences: [sealerOf(seal, phrases), phrases.openSeal[seal.reason]] };
  }
}

function sealerOf({ signer, issuer }: GenuineSeal, { sealedBy }: FindingPhrases): string {
  return sealedBy(clean(signer), clean(issuer));
}

function reasonOf(
  { reason, member }: Extract<SealFinding, { readonly state: 'unsound' }>,
  phrases: FindingPhrases,
): string {
  return `${phrases.sealReasons[reason]}${member === undefined ? '' : ` ${phrases.member(clean(member))}`}`;
}

function ledgerRow(ledger: LedgerFinding, phrases: FindingPhrases): FindingRow {
  const row = { id: 'ledger', label: phrases.ledger, state: phrases.ledgerStates[ledger.state] } as const;
  if (ledger.state === 'none') return { ...row, mark: 'none', sentences: [phrases.noLedger] };
  if (ledger.state === 'unsound') return { ...row, mark: 'bad', sentences: [phrases.ledgerReasons[ledger.reason]] };
  const { number, size, origin, signedBy } = ledger;
  const place = phrases.place(number, size, clean(origin));
  const names = signedBy.map((name) => (name === origin ? phrases.ownKey : clean(name)));
  const signers = names.length > 0 ? [phrases.signedBy(names.join(', '))] : [];
  if (ledger.state === 'proved') {
    return { ...row, mark: 'good', sentences: [place, ...signers, phrases.keptAgrees(ledger.keptSize)] };
  }
  const why = ledger.reason === undefined ? phrases.onlyExporter : phrases.uncompared[ledger.reason];
  return { ...row, mark: 'open', sentences: [place, ...signers, why] };
}

type Stamped = Extract<TimestampFinding, { readonly time: string }>;

/** The timestamps of the seal and of the ledger: a wrong one is said first, then the oldest that counts. */
function timeRow(findings: Findings, phrases: FindingPhrases, timeOf: (time: string) => string): FindingRow {
  const stamps = timestampsOf(findings);
  const row = (state: TimestampFinding['state'], mark: Mark, sentences: readonly string[]): FindingRow => ({
    id: 'time',
    label: phrases.time,
    state: phrases.timeStates[state],
    mark,
    sentences,
  });
  const wrong = stamps.flatMap(({ of, stamp }) =>
    stamp.state === 'unsound' ? [`${phrases.timestampOf[of]} ${phrases.timestampReasons[stamp.reason]}`] : [],
  );
  if (wrong.length > 0) return row('unsound', 'bad', wrong);
  const said = ({ time, authority }: Stamped): string => phrases.existedAt(timeOf(time), clean(authority));
  const proved = findOldest(stamps, 'sound');
  if (proved) return row('sound', 'good', [said(proved)]);
  const claimed = findOldest(stamps, 'untrusted');
  if (claimed) return row('untrusted', 'open', [said(claimed), phrases.authorityNotGiven]);
  return row('none', 'none', [phrases.noTime]);
}

function findOldest(stamps: ReturnType<typeof timestampsOf>, state: 'sound' | 'untrusted'): Stamped | undefined {
  const found = stamps.flatMap(({ stamp }) => (stamp.state === state && 'time' in stamp ? [stamp] : []));
  return found.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))[0];
}
