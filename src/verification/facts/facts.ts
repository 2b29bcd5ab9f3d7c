import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { Malformed } from '../../crypto/malformed.ts';
import type { BasicOcspResponse, OcspResponse, SingleResponse } from '../../crypto/ocsp/response.ts';
import type { BankidSignature, SignedContent } from '../bankid-signature.ts';
import type {
  Completion,
  Expectation,
  FolderFacts,
  IdentificationExpectation,
  RelyingPartyNames,
  VerificationTime,
} from '../expectation.ts';
import type { Policy } from '../policy.ts';
import type { TrustAnchor, TrustAnchors } from '../trust-anchors.ts';
import type { SignedFacts } from './signed-facts.ts';

/** What a verification is for. Only `consent` authorises, and only `identification` logs in; only these have a complete expectation. */
export type Purpose =
  | { readonly kind: 'signature'; readonly relyingParty: RelyingPartyNames }
  | { readonly kind: 'exported'; readonly folder: FolderFacts; readonly relyingParty: RelyingPartyNames }
  | ExpectedPurpose;

export type ExpectedPurpose =
  | { readonly kind: 'consent'; readonly expectation: Expectation }
  | { readonly kind: 'identification'; readonly expectation: IdentificationExpectation };

/** What every check is given from the start. */
export interface Given {
  readonly completion: Completion;
  readonly trust: TrustAnchors;
  readonly policy: Policy;
  readonly time: VerificationTime;
  readonly purpose: Purpose;
}

export interface CertificatePath {
  readonly leaf: Certificate;
  readonly customerCa: Certificate;
  readonly bankCa: Certificate;
  readonly root: TrustAnchor;
}

export interface GenuineOcsp {
  readonly response: BasicOcspResponse;
  readonly single: SingleResponse;
  readonly responder: Certificate;
}

/** Text from a file, unchecked. */
export interface ClaimedVerdict {
  readonly indication: unknown;
  readonly subIndication: unknown;
  readonly matches: unknown;
}

/** What checks have established for later ones. An absent member is not established, and must not be relied on. */
export interface Found {
  readonly signature?: BankidSignature;
  /** The parsed OCSP response; absent if none was given. */
  readonly answer?: OcspResponse | Malformed;
  readonly content?: SignedContent;
  readonly certificates?: readonly Buffer[];
  /** From the signed non-visible data of an export, not compared with anything yet. */
  readonly signedFacts?: SignedFacts;
  readonly leaf?: Certificate;
  /** The certificates after the leaf, as far as they can be read. */
  readonly others?: readonly Certificate[];
  /** Set once the signature value has been verified under the leaf's key. */
  readonly signed?: true;
  readonly anchor?: TrustAnchor;
  readonly path?: CertificatePath;
  readonly ocsp?: GenuineOcsp;
  /** Set once the response is known to be about the leaf. */
  readonly concernsLeaf?: true;
  /** The verdict in the folder's report.json. */
  readonly claimed?: ClaimedVerdict;
  /** Set once the nonce has tied the genuine OCSP response to this signature. */
  readonly producedAt?: Date;
}

export type Facts = Given & Found;
