import { createPrivateKey, type X509Certificate } from 'node:crypto';
import type { SealConfig, SigningKeyConfig } from '../../config.ts';
import { fault } from '../faults.ts';
import { parseCertificates } from '../tls.ts';
import type { Variables } from '../variables.ts';

const NAME = 'SEAL_CERTIFICATE_FILE';

/** The certificate of the first key for seals, and those that lead to its root; undefined where there is no such key. */
export function parseSealCertificate(variables: Variables, keys: readonly SigningKeyConfig[]): SealConfig | undefined {
  const key = keys.find(({ purpose }) => purpose === 'seals');
  if (variables.find(NAME) === undefined) {
    if (key) throw fault(`${NAME} is not set: the certificate of ${key.kid}, the key for seals in SIGNING_KEYS_FILE.`);
    return undefined;
  }
  if (!key) throw fault(`SIGNING_KEYS_FILE has no key for seals, of which ${NAME} could be the certificate.`);
  const [certificate, ...issuers] = parseCertificates(NAME, variables.readFile(NAME).toString('utf8'));
  if (!certificate?.checkPrivateKey(createPrivateKey({ key: key.privateJwk.reveal(), format: 'jwk' })))
    throw fault(`${NAME} does not begin with the certificate of ${key.kid}, the first key for seals.`);
  if (certificate.ca) throw fault(`${NAME} begins with the certificate of an authority, which seals nothing.`);
  checkChain([certificate, ...issuers]);
  return { chain: [certificate.raw, ...issuers.map(({ raw }) => raw)] };
}

function checkChain(chain: readonly X509Certificate[]): void {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1] ?? certificate;
    const isIssued = certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    if (!isIssued && issuer === certificate) throw fault(`${NAME} does not end with the certificate of a root.`);
    if (!isIssued) throw fault(`${NAME}: certificate ${index + 1} was not issued by the one after it.`);
  }
}
