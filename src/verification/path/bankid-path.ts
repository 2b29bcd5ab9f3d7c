import { valuesOf } from '../../crypto/x509/distinguished-name.ts';
import { oids } from '../../crypto/asn1/oids.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import { keyUsageBits } from '../../crypto/x509/extensions.ts';
import type { Reason } from '../messages.ts';
import type { AnchorKind, TrustAnchor } from '../trust-anchors.ts';

/** BankID on file, on card and mobile. */
const productionPolicies: readonly string[] = ['1.2.752.78.1.1', '1.2.752.78.1.2', '1.2.752.78.1.5'];
const testPolicies: readonly string[] = ['1.2.3.4.5', '1.2.3.4.10', '1.2.3.4.25', '1.2.752.60.1.6'];

const acceptable: Readonly<Record<AnchorKind, readonly string[]>> = {
  production: productionPolicies,
  test: testPolicies,
  unpinned: [...productionPolicies, ...testPolicies],
};

/** Why a path that is valid by RFC 5280 is not one of BankID's. */
export function findBankidFault(
  chain: readonly Certificate[],
  others: readonly Certificate[],
  anchor: TrustAnchor,
): Reason | undefined {
  const [leaf] = chain;
  if (chain.length !== 3 || others.length !== 2 || !leaf) return 'path.not-three';
  if (chain[1] !== others[0]) return 'path.order';
  return findPolicyFault(chain, leaf, anchor.kind) ?? findNameFault(leaf) ?? findKeyUseFault(leaf);
}

function findPolicyFault(chain: readonly Certificate[], leaf: Certificate, kind: AnchorKind): Reason | undefined {
  const isTestPolicy = (policy: string): boolean => testPolicies.includes(policy);
  if (kind === 'production' && chain.some(({ extensions }) => extensions.policies.some(isTestPolicy))) {
    return 'path.test-policy';
  }
  const policies = leaf.extensions.policies;
  return policies.some((policy) => acceptable[kind].includes(policy)) ? undefined : 'path.no-policy';
}

function findNameFault(leaf: Certificate): Reason | undefined {
  const one = (type: string): string | undefined => {
    const [value, second] = valuesOf(leaf.subject, type);
    return second === undefined ? value : undefined;
  };
  if (!/^\d{12}$/.test(one(oids.serialNumber) ?? '')) return 'path.personal-number';
  if (one(oids.commonName) === undefined) return 'path.common-name';
  if (one(oids.countryName) !== 'SE') return 'path.country';
  // eslint-disable-next-line no-control-regex -- NUL characters in names have fooled parsers
  return leaf.subject.attributes.some(({ value }) => /[\u0000-\u001f\u007f]/.test(value))
    ? 'path.control-character'
    : undefined;
}

/** Signing needs nonRepudiation, identification digitalSignature. Other kinds of end-entity certificates are refused. */
function findKeyUseFault({ extensions }: Certificate): Reason | undefined {
  const { keyUsage, extendedKeyUsage } = extensions;
  if (extendedKeyUsage) return 'path.extended-key-usage';
  const [bit] = keyUsage?.bits ?? [];
  const isOne =
    keyUsage?.bits.size === 1 && (bit === keyUsageBits.nonRepudiation || bit === keyUsageBits.digitalSignature);
  return isOne ? undefined : 'path.key-usage';
}
