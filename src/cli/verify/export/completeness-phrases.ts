import type { LedgerAbsence, Omission } from '../../../evidence-files/ledger-lines.ts';
import type { Completeness } from './completeness.ts';

/** What is said of completeness in one language. A reason without words does not compile. */
interface CompletenessPhrases {
  readonly complete: string;
  readonly states: Readonly<Record<Completeness['state'], string>>;
  readonly numbers: (first: number, last: number) => string;
  readonly exported: (count: number) => string;
  readonly omitted: Readonly<Record<Omission, (count: number) => string>>;
  readonly because: Readonly<Record<'omitted' | 'evidence' | 'checkpoint' | LedgerAbsence, string>>;
  readonly unsound: string;
}

const english: CompletenessPhrases = {
  complete: 'complete',
  states: { proved: 'proved', 'exporters-word': "by the exporter's word", unsound: 'NO' },
  numbers: (first, last) =>
    first === last ? `number ${first} of the ledger` : `numbers ${first} to ${last} of the ledger`,
  exported: (count) => `${count} exported`,
  omitted: {
    'other-tpp': (count) => `${count} of another TPP`,
    'other-state': (count) => `${count} in another state`,
    'outside-period': (count) => `${count} outside the period`,
    refused: (count) => `${count} refused`,
    surplus: (count) => `${count} surplus`,
    erased: (count) => `${count} erased at the end of retention`,
    lost: (count) => `${count} lost`,
    'not-named': (count) => `${count} of another person, reference or consent`,
  },
  because: {
    omitted: 'why numbers are omitted is not shown by the export',
    evidence: 'evidence that is refused was not compared with its number',
    checkpoint: 'not compared with a checkpoint that was kept elsewhere',
    'nothing-authorised': 'it says that no payment was authorised in its period',
    'too-many-numbers': 'it answers for no numbers: there are too many in its period',
    'several-banks': 'it answers for no numbers: it is not of one bank',
  },
  unsound: 'what it says of the ledger does not hold, see the warnings',
};

const swedish: CompletenessPhrases = {
  complete: 'fullständig',
  states: { proved: 'styrkt', 'exporters-word': 'enligt utlämnaren', unsound: 'NEJ' },
  numbers: (first, last) => (first === last ? `nummer ${first} i liggaren` : `nummer ${first} till ${last} i liggaren`),
  exported: (count) => `${count} exporterade`,
  omitted: {
    'other-tpp': (count) => `${count} från en annan betaltjänstleverantör`,
    'other-state': (count) => `${count} i ett annat läge`,
    'outside-period': (count) => `${count} utanför perioden`,
    refused: (count) => `${count} underkända`,
    surplus: (count) => `${count} överflödiga`,
    erased: (count) => `${count} gallrade`,
    lost: (count) => `${count} förlorade`,
    'not-named': (count) => `${count} med en annan person, referens eller ett annat samtycke`,
  },
  because: {
    omitted: 'exporten visar inte varför nummer är utelämnade',
    evidence: 'underkända bevis har inte jämförts med sina nummer',
    checkpoint: 'inte jämförd med en kontrollpunkt som har sparats någon annanstans',
    'nothing-authorised': 'enligt exporten godkändes ingen betalning i dess period',
    'too-many-numbers': 'den svarar inte för några nummer: perioden har för många',
    'several-banks': 'den svarar inte för några nummer: den gäller inte en enda bank',
  },
  unsound: 'det som den anger om liggaren stämmer inte, se varningarna',
};

const languages = { en: english, sv: swedish } as const;

/** Of an export that holds no signatures by its format: what was checked in it, and what that leaves open. */
export const unsignedPhrases: Readonly<Record<keyof typeof languages, string>> = {
  en: 'signatures: none, a list holds no evidence; checked are its seal, every file against the manifest, both indexes and the sums against each other, and every digest in the index against the ledger. Who signed what, only the evidence shows',
  sv: 'underskrifter: inga, en lista innehåller inga bevis; kontrollerade är dess sigill, varje fil mot förteckningen, båda registren och summorna mot varandra, och varje kontrollsumma i registret mot liggaren. Vem som skrev under vad visar bara bevisen',
};

/** On one line: the state, the numbers with their counts, and what the reader must believe. */
export function formatCompleteness(complete: Completeness, language: keyof typeof languages): string {
  const phrases = languages[language];
  return `${phrases.complete}: ${[phrases.states[complete.state], ...sentencesOf(complete, phrases)].join('; ')}`;
}

function sentencesOf(complete: Completeness, phrases: CompletenessPhrases): readonly string[] {
  if (complete.state === 'unsound') return [phrases.unsound];
  const because = 'because' in complete ? complete.because.map((reason) => phrases.because[reason]) : [];
  if (!('first' in complete)) return because;
  const { first, last, exported, omitted } = complete;
  const counts = Object.entries(omitted).map(([reason, count]) => phrases.omitted[reason as Omission](count));
  return [`${phrases.numbers(first, last)}: ${[phrases.exported(exported), ...counts].join(', ')}`, ...because];
}
