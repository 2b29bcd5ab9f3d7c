import { canonicalJson, parseJson } from '../crypto/json/canonical-json.ts';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { evidenceFolder } from './evidence-folder.ts';
import { isJsonObject, isShallow, type JsonObject, type JsonValue } from '../kernel/json.ts';
import type { Reason } from '../verification/messages.ts';
import type { Files } from './folder-checks.ts';

/** The answer of `GET /evidence/{id}`, turned back into its folder. */
export interface UnwrappedEvidence {
  readonly files: Files;
  /** Set if the answer contradicts itself. */
  readonly difference: Reason | undefined;
}

const texts = [
  'evidenceId',
  'evidenceDigest',
  'evidenceDigestRandom',
  'signature',
  'visibleText',
  'nonVisibleData',
  'bankidRoot',
] as const;
const objects = ['consent', 'circumstances', 'report'] as const;

/** Members of the summary that the consent, the circumstances or the report repeats. */
const repeated = {
  consent: ['consentId', 'clientId', 'environment'],
  circumstances: ['evidenceId'],
  report: ['indication', 'subIndication', 'signedAt'],
} as const;
/** Members of the summary that only the service asserts. */
const unconfirmed = ['kind', 'receivedAt', 'storedAt', 'retentionEndsAt'] as const;
const known: ReadonlySet<string> = new Set([
  ...texts,
  'ocspResponse',
  ...objects,
  ...repeated.consent,
  ...repeated.report,
  ...unconfirmed,
]);

/** The evidence folder inside the JSON of `GET /evidence/{id}`; undefined for any other JSON. */
export function findEvidenceJson(bytes: Uint8Array): UnwrappedEvidence | undefined {
  const value = attempt(() => parseJson(bytes, 'any'));
  return value instanceof Malformed || !isJsonObject(value) ? undefined : unwrapEvidence(value);
}

/** The same for parsed JSON. */
export function unwrapEvidence(value: JsonObject): UnwrappedEvidence | undefined {
  if (!isShallow(value)) return undefined;
  if (!texts.every((name) => typeof value[name] === 'string')) return undefined;
  const [consent, circumstances, report] = objects.map((name) => value[name]);
  if (!isJsonObject(consent) || !isJsonObject(circumstances) || !isJsonObject(report)) return undefined;
  const text = (name: (typeof texts)[number] | 'ocspResponse'): string => textOf(value[name]);
  const files = evidenceFolder({
    evidenceDigest: Buffer.from(text('evidenceDigest'), 'base64url'),
    random: Buffer.from(text('evidenceDigestRandom'), 'base64url'),
    signature: text('signature'),
    ocsp: typeof value['ocspResponse'] === 'string' ? text('ocspResponse') : undefined,
    consent: canonicalJson(consent),
    visibleText: Buffer.from(text('visibleText'), 'utf8'),
    nonVisibleData: Buffer.from(text('nonVisibleData'), 'base64'),
    circumstances: canonicalJson(circumstances),
    report: canonicalJson(report),
    root: text('bankidRoot'),
  });
  const member = findOtherMember(value, { consent, circumstances, report });
  const parameters = { file: 'evidence.json', member: member ?? '' };
  return { files, difference: member === undefined ? undefined : { message: 'content.member-differs', parameters } };
}

/** The first member that is unknown, or that contradicts the file which repeats it. */
function findOtherMember(
  value: JsonObject,
  { consent, circumstances, report }: Readonly<Record<(typeof objects)[number], JsonObject>>,
): string | undefined {
  const isSpelt = (name: string, encoding: 'base64' | 'base64url'): boolean =>
    Buffer.from(textOf(value[name]), encoding).toString(encoding) === value[name];
  return (
    Object.keys(value).find((name) => !known.has(name)) ??
    repeated.consent.find((name) => value[name] !== consent[name]) ??
    repeated.circumstances.find((name) => value[name] !== circumstances[name]) ??
    repeated.report.find((name) => value[name] !== undefined && value[name] !== report[name]) ??
    (['evidenceDigest', 'evidenceDigestRandom'] as const).find((name) => !isSpelt(name, 'base64url')) ??
    (isSpelt('nonVisibleData', 'base64') ? undefined : 'nonVisibleData')
  );
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
