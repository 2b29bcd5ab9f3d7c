import type {
  Container,
  LedgerReason,
  SealReason,
  TimestampReason,
  UncomparedReason,
  UntrustedReason,
} from './findings.ts';
import { english } from './phrases/finding-phrases.en.ts';
import { swedish } from './phrases/finding-phrases.sv.ts';

/** What is said of seal, ledger and time in one language. A reason without words does not compile. */
export interface FindingPhrases {
  readonly around: string;
  readonly unsoundAmong: (count: number) => string;
  readonly container: string;
  readonly containers: Readonly<Record<Container, string>>;
  readonly seal: string;
  readonly sealStates: Readonly<Record<'none' | 'sound' | 'untrusted' | 'unsound', string>>;
  readonly noSeal: Readonly<Record<Container, string>>;
  readonly sealedBy: (signer: string, issuer: string) => string;
  readonly openSeal: Readonly<Record<UntrustedReason, string>>;
  readonly sealReasons: Readonly<Record<SealReason, string>>;
  /** The member that a reason is about. */
  readonly member: (name: string) => string;
  readonly ledger: string;
  readonly ledgerStates: Readonly<Record<'none' | 'exporters-word' | 'proved' | 'unsound', string>>;
  readonly noLedger: string;
  readonly place: (number: number, size: number, origin: string) => string;
  readonly onlyExporter: string;
  /** The key that has the name of the ledger. */
  readonly ownKey: string;
  readonly signedBy: (names: string) => string;
  readonly keptAgrees: (keptSize: number) => string;
  readonly uncompared: Readonly<Record<UncomparedReason, string>>;
  readonly ledgerReasons: Readonly<Record<LedgerReason, string>>;
  readonly time: string;
  readonly timeStates: Readonly<Record<'none' | 'sound' | 'untrusted' | 'unsound', string>>;
  readonly noTime: string;
  readonly existedAt: (time: string, authority: string) => string;
  readonly authorityNotGiven: string;
  readonly timestampReasons: Readonly<Record<TimestampReason, string>>;
  /** Which of the two timestamps a sentence is about. */
  readonly timestampOf: Readonly<Record<'seal' | 'ledger', string>>;
  readonly trusted: string;
  readonly trustedNone: string;
  readonly trustedSeals: string;
  readonly trustedTimestamps: string;
  readonly trustedLedgers: string;
}

export const findingPhrases = { en: english, sv: swedish } as const;
