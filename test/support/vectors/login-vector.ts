import { buildLoginData, loginToJson, type SignedLoginFacts } from '../../../src/identification/non-visible.ts';
import { renderLoginText } from '../../../src/identification/visible-text.ts';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import type { LoginId } from '../../../src/kernel/ids.ts';
import type { Completion, IdentificationExpectation } from '../../../src/verification/expectation.ts';
import { policies } from '../../../src/verification/policy.ts';
import type { Report } from '../../../src/verification/report.ts';
import { isVerifiedIdentification } from '../../../src/verification/verified-identification.ts';
import { verifyIdentification } from '../../../src/verification/verify-identification.ts';
import { extensions } from './der-writer.ts';
import { soundPki } from './test-pki.ts';
import { makeVector, now, orderStartedAt, type Recipe, type Vector } from './vector.ts';

export const loginFacts: SignedLoginFacts = {
  environment: 'sandbox',
  loginId: '5c1f7d0e-6f0a-4c51-9d3e-3a1f0a9c2b11' as LoginId,
  clientId: 'rp-one',
  clientName: 'Exempelföretaget AB',
  scopes: ['openid', 'https://id.oidc.se/scope/naturalPersonNumber'],
  channel: { way: 'phone', callInitiator: 'user' },
  bindingMessage: 'K7-4242',
  payer: 'bound',
  orderedAt: orderStartedAt,
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  template: 'login-sv-1',
};

export interface LoginVector extends Omit<Vector, 'expectation'> {
  readonly expectation: IdentificationExpectation;
}

/** A completed login that passes every check, but for what the recipe changes. */
export function makeLoginVector(recipe: Recipe = {}, facts = loginFacts): LoginVector {
  const visibleText = renderLoginText(facts);
  const nonVisibleData = buildLoginData(facts);
  const vector = makeVector({
    visibleText,
    nonVisibleData,
    funcId: 'Identification',
    ...recipe,
    pki: identifying(recipe.pki),
  });
  const sent = { visibleData: Buffer.from(visibleText), nonVisibleData };
  return { ...vector, expectation: { ...vector.expectation, ...sent, facts } };
}

/** The leaf of the recipe, with a key for identification where it has one for signing. */
function identifying(pki: Recipe['pki']): NonNullable<Recipe['pki']> {
  const wanted = pki?.leaf?.extensions ?? soundPki.leaf.extensions;
  const changed = wanted.map((extension) =>
    extension.equals(extensions.nonRepudiation) ? extensions.digitalSignature : extension,
  );
  return { ...pki, leaf: { ...pki?.leaf, extensions: changed } };
}

export interface LoginChanges {
  readonly expectation?: Partial<IdentificationExpectation>;
  readonly completion?: Partial<Completion>;
  readonly at?: Date;
}

/** The report of a login's verification, accepted or not. */
export function loginReportOf(vector: LoginVector, changes: LoginChanges = {}): Report {
  const result = verifyIdentification(
    { ...vector.completion, ...changes.completion },
    { ...vector.expectation, ...changes.expectation },
    { trust: vector.trust, policy: policies.bankid, now: changes.at ?? now },
  );
  return isVerifiedIdentification(result) ? result.report : result;
}

/** login.json of these facts. */
export const loginFile = (facts: SignedLoginFacts): Buffer => Buffer.from(canonicalJson(loginToJson(facts)));
