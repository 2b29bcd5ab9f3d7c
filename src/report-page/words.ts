import type { Language } from '../design/language.ts';
import type { CheckId, CheckRow } from '../verification/report.ts';
import { en } from './words.en.ts';
import { sv } from './words.sv.ts';

/** Why there is no report, and what the person can do. */
export type Refusal =
  'no-file' | 'several' | 'too-large' | 'slow' | 'busy' | 'purpose' | 'archive' | 'not-evidence' | 'other';

/** What the page says, in one language; what the report for people says too stands in `ReportPhrases` and `FindingPhrases`. */
export interface PageWords {
  readonly title: string;
  readonly lead: string;
  readonly rootOf: string;
  readonly testBanner: string;
  readonly form: {
    readonly files: string;
    readonly hint: string;
    readonly dropHint: string;
    readonly purpose: string;
    readonly submit: string;
    readonly kept: string;
    readonly another: string;
    /** Said by the script while it works; `%` stands for the share that has been sent. */
    readonly sending: string;
    readonly checking: string;
    readonly folder: string;
    readonly unreachable: string;
    readonly tooLarge: string;
  };
  readonly reportTitle: string;
  readonly verdicts: Readonly<
    Record<'signature' | 'identification', Readonly<Record<'good' | 'open' | 'bad', string>>>
  >;
  /** Of a verdict that is open because something does not match. */
  readonly notForThis: Readonly<Record<'signature' | 'identification', string>>;
  readonly passedWhatWasChecked: string;
  readonly verifiedAt: string;
  readonly onlySignature: string;
  readonly alarm: Readonly<Record<'differs' | 'not-meant' | 'seal' | 'ledger' | 'time', string>>;
  readonly flags: Readonly<Record<'test' | 'unpinned', string>>;
  readonly signedPayment: string;
  readonly signedLogin: string;
  readonly signedOther: string;
  readonly otherContent: string;
  readonly notEstablished: string;
  readonly facts: Readonly<
    Record<
      | 'amount'
      | 'payee'
      | 'account'
      | 'payeeCheck'
      | 'ocr'
      | 'rf'
      | 'message'
      | 'reference'
      | 'debtor'
      | 'asked'
      | 'bank'
      | 'client'
      | 'scopes'
      | 'code',
      string
    >
  >;
  readonly whoAndWhen: string;
  readonly signer: string;
  readonly signedAt: string;
  readonly requested: string;
  readonly payer: string;
  readonly labels: Readonly<Record<'seal' | 'ledger' | 'time', string>>;
  readonly unchecked: string;
  readonly allChecked: string;
  /** The question of a check that was not made. */
  readonly whether: Readonly<Record<CheckId, string>>;
  readonly noted: string;
  readonly statuses: Readonly<Record<CheckRow['status'], string>>;
  readonly checks: string;
  readonly check: string;
  readonly result: string;
  readonly details: string;
  readonly about: Readonly<Record<'file' | 'bytes' | 'verifiedAt' | 'software' | 'policy' | 'verdict', string>>;
  readonly print: string;
  readonly printed: string;
  /** Of a folder, which has no sum of its own. */
  readonly printedOfFolder: string;
  /** Of several evidences. */
  readonly many: {
    readonly title: string;
    readonly verdicts: Readonly<Record<'good' | 'open' | 'bad', string>>;
    /** In place of `good`, of an export that holds no signatures. */
    readonly unsigned: string;
    readonly warnings: string;
    readonly around: string;
    readonly evidences: string;
    readonly columns: readonly [name: string, verdict: string, amount: string, payee: string, signedAt: string];
  };
  readonly refusals: Readonly<Record<Refusal, readonly [what: string, advice: string]>>;
  readonly refusalTitle: string;
}

export const pageWords: Readonly<Record<Language, PageWords>> = { en, sv };
