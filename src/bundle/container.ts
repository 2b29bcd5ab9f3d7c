import { packMembers } from '../crypto/zip/zip-writer.ts';
import { asicManifest } from './manifest/manifest.ts';

/** The media type of a bundle, and the whole content of its first member. @see ETSI EN 319 162-1 §4.4.1, §A.1 */
export const BUNDLE_TYPE = 'application/vnd.etsi.asic-e+zip';

/** Members of a bundle that are no file of the evidence folder, and that the seal covers with them. */
export const LEDGER_PROOF = 'ledger.tlog-proof';
/** The RFC 3161 token of the checkpoint in the proof. */
export const CHECKPOINT_TOKEN = 'checkpoint.tsr';

/** The name by which every reader of ASiC recognises the container: it is the first member. */
export const MIMETYPE = 'mimetype';
export const META_INF = 'META-INF/';
/** The timestamp of the first seal once more, for tools that take no token out of a CMS. No manifest lists it. */
export const SEAL_TOKEN = 'META-INF/sigill-token.tsr';

/** How many seals one bundle may have. */
export const MAX_SEALS = 9;

/** @param number of the seal, from 1 */
export const manifestName = (number: number): string => `${META_INF}ASiCManifest00${number}.xml`;
export const signatureName = (number: number): string => `${META_INF}signature00${number}.p7s`;

/** What a seal covers: bytes by name, in the order in which they are written. */
export type Members = ReadonlyMap<string, Uint8Array>;

/** What is put into a bundle besides the evidence folder. */
export interface LedgerFiles {
  /** C2SP tlog-proof, with its checkpoint. */
  readonly proof: Uint8Array;
  readonly checkpointToken: Uint8Array | undefined;
}

/** The members that a seal covers: the folder's files and those of the ledger. */
export function sealedMembers(folder: Members, { proof, checkpointToken }: LedgerFiles): Members {
  const members = new Map(folder).set(LEDGER_PROOF, proof);
  return checkpointToken === undefined ? members : members.set(CHECKPOINT_TOKEN, checkpointToken);
}

/** The bytes over which the seal of this number is made. */
export function manifestOf(members: Members, number: number): Buffer {
  return asicManifest(members, signatureName(number));
}

/** A signature over a manifest, and its timestamp token. */
export interface Seal {
  /** CAdES in DER. */
  readonly signature: Buffer;
  /** DER. */
  readonly token: Buffer;
}

/**
 * An ASiC-E container with CAdES signatures: the same bytes for the same members and seals.
 * @param seal over the first manifest
 * @param further CAdES in DER, each over the manifest of its number, from 2 to {@link MAX_SEALS}
 * @see ETSI EN 319 162-1 §4.4
 */
export function writeBundle(members: Members, seal: Seal, further: readonly Buffer[] = []): Buffer {
  const seals = [seal.signature, ...further].flatMap((signature, index) => [
    [manifestName(index + 1), manifestOf(members, index + 1)] as const,
    [signatureName(index + 1), signature] as const,
  ]);
  const type = Buffer.from(BUNDLE_TYPE, 'latin1');
  return packMembers([[MIMETYPE, type], ...members, ...seals, [SEAL_TOKEN, seal.token]]);
}
