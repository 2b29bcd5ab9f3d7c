import { randomBytes } from 'node:crypto';
import { openSignature } from '../../bankid-sign/received-answer.ts';
import type { findReceivedAnswers } from '../../bankid-sign/received-answer.repository.ts';
import { decodeBase64 } from '../../crypto/base64.ts';
import { canonicalJson } from '../../crypto/json/canonical-json.ts';
import { evidenceDigest } from '../../evidence-files/evidence-digest.ts';
import { newEvidenceId, type EvidenceId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { Report } from '../../verification/report.ts';
import { sha256OfPem } from '../signature-trust.ts';
import { parseSealedBody, sealedBodyToBytes, type SealedBody } from './sealed-body.ts';

const SEAL_KIND = 'evidence';

/** What stands under the seal of a row besides the report, and what the digest commits to. */
interface ContentToSeal {
  readonly orderId: string;
  readonly signatureText: string;
  readonly ocspBase64: string | undefined;
  /** Becomes consent.json or login.json. */
  readonly statement: JsonObject;
  readonly visibleText: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  readonly circumstances: JsonObject;
  readonly relyingPartyName: string;
}

interface SealedContent {
  readonly evidenceId: EvidenceId;
  readonly evidenceDigest: Buffer;
  readonly sealed: Buffer;
}

/** Seals evidence under a new id. @param key of the subject of the evidence */
export function sealContent(
  key: DataKey,
  subject: string,
  report: Report,
  content: ContentToSeal,
  rootSha256: Uint8Array,
): SealedContent {
  if (key.subject !== subject) throw new TypeError(`the data key of ${key.subject} seals no evidence of ${subject}`);
  const evidenceId = newEvidenceId();
  const { orderId, visibleText, nonVisibleData, circumstances, relyingPartyName } = content;
  const body = {
    orderId,
    random: randomBytes(32),
    consent: canonicalJson(content.statement),
    visibleText,
    nonVisibleData,
    // The digest covers the id too: the content of one evidence never stands for another.
    circumstances: canonicalJson({ ...circumstances, evidenceId }),
    report: canonicalJson(reportToJson(report)),
    relyingPartyName,
    rootSha256,
  };
  const { signatureText: signature, ocspBase64 } = content;
  return {
    evidenceId,
    evidenceDigest: evidenceDigest({ ...body, signature, ocsp: ocspBytes(ocspBase64) }),
    sealed: key.seal(SEAL_KIND, evidenceId, sealedBodyToBytes(body)),
  };
}

/** The sealed part of a row, before its signature is at hand. @throws when the row was altered */
export function openBody(
  { evidenceId, sealed }: Pick<SealedContent, 'evidenceId' | 'sealed'>,
  key: DataKey,
): SealedBody {
  return parseSealedBody(key.open(SEAL_KIND, evidenceId, sealed));
}

export type ReceivedAnswers = Awaited<ReturnType<typeof findReceivedAnswers>>;

/** The sealed body with signature, OCSP response and root. */
export type OpenedContent = Omit<SealedBody, 'orderId' | 'rootSha256'> & {
  readonly signature: string;
  readonly ocsp: string | undefined;
  readonly root: string;
};

/**
 * Completes a sealed body.
 * @param rootPem the stored root that the row names; undefined where there is none
 * @param answers by order: the one that the sealed body names is among them, unless a row was altered
 * @throws Error when the row, its root or its answer was altered
 */
export function openContent(
  row: Pick<SealedContent, 'evidenceId' | 'evidenceDigest'> & { readonly rootPem: string | undefined },
  key: DataKey,
  { orderId, rootSha256, ...rest }: SealedBody,
  answers: ReceivedAnswers,
): OpenedContent {
  const { evidenceId, rootPem } = row;
  const answer = answers.get(orderId);
  if (!answer) throw new Error(`evidence ${evidenceId} is of order ${orderId}, whose answer is missing`);
  if (evidenceIdIn(rest.circumstances) !== evidenceId)
    throw new Error(`evidence ${evidenceId} has the circumstances of another: its row was altered`);
  if (rootPem === undefined || !sha256OfPem(rootPem).equals(rootSha256))
    throw new Error(`evidence ${evidenceId} names a root that is not its own, or that was altered or removed`);
  const { signature, ocspResponse: ocsp } = openSignature(key, orderId, answer);
  const body = { ...rest, signature, ocsp, root: rootPem };
  if (!evidenceDigest({ ...body, ocsp: ocspBytes(ocsp) }).equals(row.evidenceDigest))
    throw new Error(`evidence ${evidenceId} does not match its stored digest: its row was altered`);
  return body;
}

function evidenceIdIn(circumstances: string): unknown {
  return (JSON.parse(circumstances) as JsonObject)['evidenceId'];
}

/** The verifier refuses what is not base64; it is stored as text and counts as no response in the digest. */
function ocspBytes(base64: string | undefined): Buffer {
  try {
    return decodeBase64(base64 ?? '');
  } catch {
    return Buffer.alloc(0);
  }
}

function reportToJson(report: Report): JsonObject {
  return JSON.parse(JSON.stringify(report)) as JsonObject;
}
