import type { Environment } from '../kernel/environment.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { SignedLoginFacts } from '../identification/non-visible.ts';
import type { SignedConsentFacts } from '../payment/non-visible.ts';
import type { Reason } from './messages.ts';
import type { Policy } from './policy.ts';
import type { TrustAnchors } from './trust-anchors.ts';

/** What BankID delivered. */
export interface Completion {
  /** `completionData.signature`: base64 text exactly as delivered; the OCSP nonce is computed from this text. */
  readonly signature: string;
  /** `completionData.ocspResponse`: base64. */
  readonly ocspResponse: string | undefined;
  /** `completionData.user.personalNumber`. */
  readonly personalNumber: string | undefined;
}

/** Everything that a consent's signature must agree with. No member may be absent: what is unknown cannot be verified. */
export interface Expectation extends ExpectedOrder {
  readonly facts: SignedConsentFacts;
}

/** The same of a login. */
export interface IdentificationExpectation extends ExpectedOrder {
  readonly facts: SignedLoginFacts;
}

interface ExpectedOrder {
  readonly environment: Environment;
  /** The bytes that we sent for signing, as stored with the order. */
  readonly visibleData: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  /** DN of our RP certificate in BankID's form, kept with the order. */
  readonly relyingPartyName: string;
  readonly orderStartedAt: Date;
  readonly receivedAt: Date;
  readonly payer: ExpectedPayer;
}

export type ExpectedPayer =
  { readonly kind: 'bound'; readonly personalNumber: PersonalNumber } | { readonly kind: 'unbound' };

/** `now` is the present; `vouchedAt` is a time at which, the caller vouches, all of the material already existed. */
export interface VerificationTime {
  readonly now: Date;
  readonly vouchedAt: Date | undefined;
  /** A time at which a timestamp proves that signature and OCSP response existed already. */
  readonly provenAt?: Date | undefined;
}

/** How a consent or a login is verified: at the present, because a time that a caller vouches for authorises nothing. */
export interface ConsentBasis {
  readonly trust: TrustAnchors;
  readonly policy: Policy;
  readonly now: Date;
}

/** One, several, or undefined for any. */
export type RelyingPartyNames = string | readonly string[] | undefined;

/** How a signature by itself, or an export, is verified. */
export interface VerificationBasis {
  readonly trust: TrustAnchors;
  readonly policy: Policy;
  readonly time: VerificationTime;
  /** DN expected in `srvInfo/name`, in BankID's form, or one of several; without it the report holds a warning instead. */
  readonly relyingParty?: RelyingPartyNames;
}

/** Files that came with a signature. They are compared with what it signs, never trusted. */
export interface FolderFacts {
  /** A changed or missing file that the folder's own checksums revealed; it refuses the folder. */
  readonly damage?: Reason | undefined;
  readonly consentJson: Uint8Array | undefined;
  /** In place of consent.json, where the signature is that of a login. */
  readonly loginJson?: Uint8Array | undefined;
  /** The other files of a whole folder; `undefined` for a bare consent.json or login.json. */
  readonly copies:
    | {
        readonly visibleText: Uint8Array | undefined;
        readonly nonVisibleData: Uint8Array | undefined;
        readonly report: Uint8Array | undefined;
        readonly circumstances: Uint8Array | undefined;
        /** `bankid-root.pem`. */
        readonly root: Uint8Array | undefined;
      }
    | undefined;
}
