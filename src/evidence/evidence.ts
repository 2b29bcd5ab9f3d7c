import type { Environment } from '../kernel/environment.ts';
import type { ConsentId, EvidenceId, OrderId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { FolderContent } from '../evidence-files/evidence-folder.ts';

/** `refused` and `surplus` are stored but authorise nothing. */
export type EvidenceKind = 'accepted' | 'refused' | 'surplus';
export type UnacceptedKind = Exclude<EvidenceKind, 'accepted'>;

/** The circumstances, from the caller; what was signed comes from the verifier. */
export interface EvidenceRecord {
  readonly consentId: ConsentId;
  /** The bank's client id. */
  readonly bank: string;
  readonly clientId: string;
  readonly environment: Environment;
  readonly orderId: OrderId;
  /** `completionData.signature`, base64 text exactly as delivered. */
  readonly signatureText: string;
  /** `completionData.ocspResponse`, base64. */
  readonly ocspBase64: string | undefined;
  /** The personal number in BankID's answer. Only its keyed hash is stored beside the evidence. */
  readonly personalNumber: string;
  /** The consent as stored: becomes consent.json in its RFC 8785 form. */
  readonly consentJson: JsonObject;
  /** The bytes that were sent for signing. */
  readonly visibleText: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  readonly circumstances: JsonObject;
  readonly relyingPartyName: string;
  readonly receivedAt: Date;
}

/** The open part of a row: no personal data. */
export interface EvidenceSummary {
  readonly evidenceId: EvidenceId;
  readonly kind: EvidenceKind;
  readonly consentId: ConsentId;
  readonly bank: string;
  readonly clientId: string;
  readonly orderId: OrderId;
  readonly environment: Environment;
  readonly indication: string;
  readonly subIndication: string | undefined;
  /** 32 bytes. */
  readonly evidenceDigest: Buffer;
  readonly signedAt: Date | undefined;
  readonly receivedAt: Date;
  readonly storedAt: Date;
  readonly retentionEndsAt: Date;
}

/** A row of `evidence`: the summary and the sealed body. */
export interface SealedEvidence {
  readonly summary: EvidenceSummary;
  readonly subject: string;
  /** Names a row of `signature_root`. */
  readonly rootSha256: Buffer;
  readonly sealed: Buffer;
  /** Of the signer, for `person_trace`. */
  readonly personHash: Buffer;
}

/** A decrypted row. */
export interface Evidence extends EvidenceSummary, Omit<FolderContent, 'evidenceDigest'> {
  readonly relyingPartyName: string;
}

/** Whose evidence: no other bank's is found by its id. */
export interface EvidenceOfBank {
  readonly evidenceId: EvidenceId;
  readonly bank: string;
}

/** Evidence as it is stored, with its data key at hand. */
export interface LockedEvidence {
  readonly summary: EvidenceSummary;
  /** @throws Error when the row was altered */
  open(): Evidence;
}
