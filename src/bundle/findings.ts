import type { Report } from '../verification/report.ts';

/**
 * What stands around a signature: the seal of the container it came in, its place in the ledger, and the timestamps of both.
 * None of it changes the verdict on the signature itself, and nothing of it is claimed unless it was checked.
 */

/** A state of any finding. `none`: there is nothing to check. `untrusted`: genuine by itself, but its issuer was not given. */
export type TimestampFinding =
  | { readonly state: 'none' }
  | {
      readonly state: 'sound' | 'untrusted';
      /** genTime of the token, RFC 3339 in UTC. */
      readonly time: string;
      /** Subject of the authority's certificate. */
      readonly authority: string;
    }
  | { readonly state: 'unsound'; readonly reason: TimestampReason };

/** Why a timestamp is refused (RFC 3161 §2.3, §2.4.2; RFC 5816 §2.2.1). */
export type TimestampReason =
  | 'format'
  /** It is of other bytes. */
  | 'imprint'
  | 'nonce'
  | 'policy'
  /** The certificate is not for timestamps alone, or does not say so critically. */
  | 'eku'
  /** It names another certificate than its signer's. */
  | 'certificate'
  /** The certificates do not form a path. A sound path to a root that was not given is `untrusted`. */
  | 'path'
  /** A certificate was revoked before it stamped, or its key may have been in other hands. */
  | 'revoked'
  | 'signature'
  /** Outside the validity of its certificates, or of the time in which it must have been made. */
  | 'time';

export type SealFinding =
  | { readonly state: 'none' }
  | ({ readonly state: 'sound' } & GenuineSeal)
  | ({ readonly state: 'untrusted'; readonly reason: UntrustedReason } & GenuineSeal)
  | {
      readonly state: 'unsound';
      readonly reason: SealReason;
      /** The member that the reason is about, if it is about one. */
      readonly member?: string;
    };

/** A seal that holds by the certificates that it brings. */
export interface GenuineSeal {
  /** Subject of the sealing certificate. */
  readonly signer: string;
  readonly issuer: string;
  /** signing-time as the seal states it, RFC 3339 in UTC; the timestamp, not this, is proof of it. */
  readonly claimedTime: string | null;
  /** Of the seal's signature value. */
  readonly timestamp: TimestampFinding;
}

/** What keeps a genuine seal from being sound. */
export type UntrustedReason =
  /** Its issuer was not given. */
  | 'issuer'
  /** Its issuer was, but no trusted timestamp says that its certificate was valid, and not revoked, when it was made. */
  | 'undated';

/** Why a seal is refused: what was done to the container, or to the seal. */
export type SealReason =
  /** A bundle or an export without a seal. */
  | 'stripped'
  /** The first member is not `mimetype`, stored, with exactly the text of ETSI EN 319 162-1 §A.1. */
  | 'mimetype'
  /** The manifest is malformed, or there is another. */
  | 'manifest'
  | 'member-added'
  | 'member-missing'
  | 'member-changed'
  /** The seal is no CMS signature of the form that is written here. */
  | 'format'
  /** The seal is of another manifest. */
  | 'digest'
  | 'signature'
  /** The seal names another certificate than its signer's (RFC 5035 §3). */
  | 'certificate'
  /** The certificates do not form a path. A sound path to an issuer that was not given is `untrusted`. */
  | 'path'
  /** No CRL of the issuer came along that is genuine and covers the time of sealing. */
  | 'crl'
  | 'revoked'
  /** The sealing certificate was not valid at the proven time. */
  | 'time';

/** Where the leaf of an evidence digest stands in its bank's log. */
export interface LedgerPlace {
  /** Name of the log: issuer host, path, log id. */
  readonly origin: string;
  /** The number of the evidence: its index in the tree + 1. */
  readonly number: number;
  /** How many leaves the checkpoint covers. */
  readonly size: number;
  /** The names of the given keys that signed the checkpoint: the log's own, a witness's. */
  readonly signedBy: readonly string[];
  /** The oldest one that covers the leaf. */
  readonly timestamp: TimestampFinding;
}

export type LedgerFinding =
  | { readonly state: 'none' }
  /**
   * The proof leads to the checkpoint that came with it, and that is all: the one who handed it over could have made both.
   * `reason` says why a kept checkpoint that was given could not be compared.
   */
  | ({ readonly state: 'exporters-word'; readonly reason?: UncomparedReason } & LedgerPlace)
  /** And the checkpoint is the kept one, or a part of it, or an extension of it that covers the evidence by the word of a given key. */
  | ({ readonly state: 'proved'; readonly keptSize: number } & LedgerPlace)
  | { readonly state: 'unsound'; readonly reason: LedgerReason };

export type UncomparedReason =
  /** Its size is another, and no tiles were given from which consistency follows. */
  | 'tiles-needed'
  /** Tiles were given, and what is needed of them cannot be read. */
  | 'tiles-unreadable'
  /** It is older than the evidence, and no given key signed the newer one: who has the tiles could have put the evidence behind it. */
  | 'not-covered';

/** Why a place in the ledger is refused. */
export type LedgerReason =
  /** Proof or checkpoint is malformed. */
  | 'format'
  /** The proof does not lead from the evidence digest to the checkpoint's root. */
  | 'proof'
  /** None of the given keys signed the checkpoint, or one that signed it did so wrongly. */
  | 'key'
  /** The kept checkpoint is of another log. */
  | 'other-log'
  /** The kept checkpoint has the same size and another root: one log, two histories. */
  | 'split-view'
  /** The tiles show that neither checkpoint extends the other: the history was rewritten. */
  | 'inconsistent';

/** What the evidence was handed over in. */
export type Container = 'folder' | 'json' | 'signature' | 'bundle' | 'export';

/** Everything that is found around one evidence. */
export interface Findings {
  readonly container: Container;
  readonly seal: SealFinding;
  readonly ledger: LedgerFinding;
}

/** Whether a container must have a seal: what was sealed and has lost its seal has been in other hands. */
export function needsSeal(container: Container): boolean {
  return container === 'bundle' || container === 'export';
}

/** The timestamps of a seal and a proof that hold: that of a broken one says nothing about the evidence. */
export function timestampsOf({
  seal,
  ledger,
}: Findings): readonly { readonly of: 'seal' | 'ledger'; readonly stamp: TimestampFinding }[] {
  return [
    ...('timestamp' in seal ? [{ of: 'seal', stamp: seal.timestamp } as const] : []),
    ...('timestamp' in ledger ? [{ of: 'ledger', stamp: ledger.timestamp } as const] : []),
  ];
}

/** Names of what the verifier trusts besides BankID's root, so that a reader knows what the findings rest on. */
export interface TrustedIssuers {
  /** Subjects of the certificates that may have issued a seal's. */
  readonly seals: readonly string[];
  /** Subjects of the certificates that may have issued a timestamp authority's. */
  readonly timestamps: readonly string[];
  /** Names of the keys that may have signed a checkpoint. */
  readonly ledgers: readonly string[];
}

/** The verdict on a signature, and what was found around it: the JSON document of `sigill verify` and `POST /evidence/verify`. */
export interface EvidenceReport extends Report, Findings {
  readonly trusted: TrustedIssuers;
}
