import { formatInstant } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Evidence, EvidenceSummary } from '../../evidence/evidence.ts';

/** That evidence exists, its order and its verdict. No personal data. */
export function summaryToJson(evidence: EvidenceSummary): JsonObject {
  return {
    evidenceId: evidence.evidenceId,
    consentId: evidence.consentId,
    kind: evidence.kind,
    clientId: evidence.clientId,
    environment: evidence.environment,
    indication: evidence.indication,
    subIndication: evidence.subIndication ?? null,
    evidenceDigest: evidence.evidenceDigest.toString('base64url'),
    signedAt: evidence.signedAt ? formatInstant(evidence.signedAt) : null,
    receivedAt: formatInstant(evidence.receivedAt),
    storedAt: formatInstant(evidence.storedAt),
    retentionEndsAt: formatInstant(evidence.retentionEndsAt),
  };
}

/** The files of the evidence folder under similar names, enough to verify it offline. Contains the payer's personal number. */
export function evidenceToJson(evidence: Evidence, folder: ReadonlyMap<string, Buffer>): JsonObject {
  const text = (name: string): string => folder.get(name)?.toString('utf8') ?? '';
  return {
    ...summaryToJson(evidence),
    evidenceDigestRandom: Buffer.from(evidence.random).toString('base64url'),
    signature: evidence.signature,
    ocspResponse: evidence.ocsp ?? null,
    consent: JSON.parse(evidence.consent) as JsonObject,
    visibleText: text('visible-text.txt'),
    nonVisibleData: Buffer.from(evidence.nonVisibleData).toString('base64'),
    circumstances: JSON.parse(evidence.circumstances) as JsonObject,
    report: JSON.parse(evidence.report) as JsonObject,
    bankidRoot: evidence.root,
  };
}
