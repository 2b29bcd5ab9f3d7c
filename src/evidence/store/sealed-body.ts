import { canonicalJson } from '../../crypto/json/canonical-json.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { FolderContent } from '../../evidence-files/evidence-folder.ts';
import { compress, decompress } from '../../vault/compressed.ts';

/**
 * The sealed part of one evidence. Signature and OCSP response are in BankID's answer, which is kept as it came, and only there. The
 * root is a row of `signature_root`.
 */
export type SealedBody = Omit<FolderContent, 'evidenceDigest' | 'requestObject' | 'signature' | 'ocsp' | 'root'> & {
  /** Leads to BankID's answer, whatever the row outside of the seal says. */
  readonly orderId: string;
  readonly relyingPartyName: string;
  /** Of the root that vouched for the signature, as PEM. */
  readonly rootSha256: Uint8Array;
};

const VERSION = 2;

/** RFC 8785 JSON in UTF-8, compressed; bytes as base64, texts as they are. */
export function sealedBodyToBytes(body: SealedBody): Buffer {
  const json = canonicalJson({
    v: VERSION,
    orderId: body.orderId,
    random: toBase64(body.random),
    consent: body.consent,
    visibleText: toBase64(body.visibleText),
    nonVisibleData: toBase64(body.nonVisibleData),
    circumstances: body.circumstances,
    report: body.report,
    relyingPartyName: body.relyingPartyName,
    rootSha256: toBase64(body.rootSha256),
  });
  return compress(Buffer.from(json, 'utf8'));
}

/** @throws TypeError for what {@link sealedBodyToBytes} did not write */
export function parseSealedBody(plaintext: Uint8Array): SealedBody {
  const value: unknown = JSON.parse(decompress(plaintext).toString('utf8'));
  if (!isJsonObject(value) || value['v'] !== VERSION)
    throw new TypeError(`sealed evidence is not of version ${VERSION}, the only one that this program reads`);
  return {
    orderId: readText(value, 'orderId'),
    random: fromBase64(value, 'random'),
    consent: readText(value, 'consent'),
    visibleText: fromBase64(value, 'visibleText'),
    nonVisibleData: fromBase64(value, 'nonVisibleData'),
    circumstances: readText(value, 'circumstances'),
    report: readText(value, 'report'),
    relyingPartyName: readText(value, 'relyingPartyName'),
    rootSha256: fromBase64(value, 'rootSha256'),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function fromBase64(object: JsonObject, member: string): Buffer {
  return Buffer.from(readText(object, member), 'base64');
}

function readText(object: JsonObject, member: string): string {
  const value = object[member];
  if (typeof value !== 'string') throw new TypeError(`the member ${member} of sealed evidence is not a string`);
  return value;
}
