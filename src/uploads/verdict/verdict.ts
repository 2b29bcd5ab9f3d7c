import { hash } from 'node:crypto';
import { formatInstant } from '../../kernel/clock.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { SOFTWARE_VERSION } from '../../kernel/version.ts';
import { policies, type Policy } from '../../verification/policy.ts';
import type { Report } from '../../verification/report.ts';

/** The `typ` that distinguishes a verdict from all our other signatures (RFC 8725 §3.11). */
export const VERDICT_TYPE = 'sigill-verdict+jwt';

export interface VerdictFacts {
  readonly issuer: string;
  readonly environment: Environment;
  readonly policy: Policy['name'];
  readonly at: Date;
  /** The upload, byte for byte. */
  readonly upload: Uint8Array;
  readonly report: Report;
}

/** Claims of a signed verdict: the report and everything that it depends on, so that it can be archived by itself. */
export function verdictClaims({ issuer, environment, policy, at, upload, report }: VerdictFacts): JsonObject {
  return {
    iss: issuer,
    iat: Math.floor(at.getTime() / 1000),
    v: 1,
    environment,
    trustAnchor: report.trustAnchor,
    policy: plain(policies[policy]),
    verifiedAt: formatInstant(at),
    softwareVersion: SOFTWARE_VERSION,
    uploadSha256: uploadDigest(upload),
    report: plain(report),
  };
}

/** SHA-256 of the upload, lower-case hex. */
export function uploadDigest(upload: Uint8Array): string {
  return hash('sha256', upload, 'hex');
}

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
