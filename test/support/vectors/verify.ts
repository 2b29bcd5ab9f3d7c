import type {
  Completion,
  Expectation,
  FolderFacts,
  RelyingPartyNames,
  VerificationBasis,
} from '../../../src/verification/expectation.ts';
import { policies, type Policy } from '../../../src/verification/policy.ts';
import type { Report } from '../../../src/verification/report.ts';
import { isVerified } from '../../../src/verification/verified-signature.ts';
import { verifyConsent } from '../../../src/verification/verify-consent.ts';
import { verifyExported } from '../../../src/verification/verify-exported.ts';
import { verifySignature } from '../../../src/verification/verify-signature.ts';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import { consentToJson, type SignedConsentFacts } from '../../../src/payment/non-visible.ts';
import { makeSettings, type Settings } from '../../../src/evidence-files/verify-settings.ts';
import { facts, makeVector, now, textOf, type Recipe, type Vector } from './vector.ts';

export interface Changes {
  readonly expectation?: Partial<Expectation>;
  readonly completion?: Partial<Completion>;
  readonly at?: Date;
}

/** The report of a consent's verification, accepted or not. */
export function reportOf(recipe: Recipe, changes: Changes = {}): Report {
  const vector = makeVector(recipe);
  const result = verifyConsent(
    { ...vector.completion, ...changes.completion },
    { ...vector.expectation, ...changes.expectation },
    { trust: vector.trust, policy: policies.bankid, now: changes.at ?? now },
  );
  return isVerified(result) ? result.report : result;
}

export interface Options {
  readonly policy?: Policy['name'];
  readonly now?: Date;
  readonly vouchedAt?: Date;
  readonly provenAt?: Date;
  readonly relyingParty?: RelyingPartyNames;
}

export function bareReportOf(vector: Vector, options: Options = {}): Report {
  return verifySignature(vector.completion, basisOf(vector, options));
}

function basisOf({ trust }: Vector, options: Options): VerificationBasis {
  return {
    trust,
    policy: policies[options.policy ?? 'bankid'],
    time: { now: options.now ?? now, vouchedAt: options.vouchedAt, provenAt: options.provenAt },
    relyingParty: options.relyingParty,
  };
}

/** What a verifier goes by that trusts the vector's own root and nothing else. */
export function settingsOf({ rootPem }: Vector): Settings {
  return makeSettings({
    roots: [{ pem: rootPem, unpinned: 'accept-unpinned' }],
    kinds: ['unpinned'],
    carriedRoots: 'ignore',
    policy: 'bankid',
    time: { now, vouchedAt: undefined },
    relyingParty: undefined,
  });
}

/** consent.json of these facts. */
export const consentFile = (consent: SignedConsentFacts): Buffer => Buffer.from(canonicalJson(consentToJson(consent)));

/** The folder that belongs to the sound vector. */
export const folder: FolderFacts = {
  consentJson: consentFile(facts),
  copies: undefined,
};

export function exportedReportOf(vector: Vector, files: FolderFacts = folder, options: Options = {}): Report {
  return verifyExported({ ...vector.completion, personalNumber: undefined }, files, basisOf(vector, options));
}

/** `INDETERMINATE/TRY_LATER`, or `TOTAL-PASSED`. */
export const verdictOf = ({ indication, subIndication }: Report): string =>
  subIndication === null ? indication : `${indication}/${subIndication}`;

/** The ids of the checks that refused. */
export const refusalsOf = ({ checks }: Report): readonly string[] =>
  checks.filter(({ status }) => status === 'failed' || status === 'indeterminate').map(({ id }) => id);

export { textOf };
