import { X509Certificate, hash } from 'node:crypto';
import { findBankIdRoot, type BankIdRoot } from '../../kernel/bankid-roots.ts';
import { fault } from './faults.ts';
import type { Variables } from './variables.ts';

const files = { tls: 'BANKID_TLS_ROOT_FILE', signature: 'BANKID_SIGNATURE_ROOT_FILE' } as const;

/**
 * One of the two roots. Outside the sandbox it must be the certificate that BankID published for this environment and
 * this use; in the sandbox any certificate but those.
 * @returns PEM of exactly one certificate
 */
export function parseBankIdRoot(variables: Variables, use: BankIdRoot['use']): string {
  const name = files[use];
  const pem = variables.readFile(name).toString('utf8');
  const known = findBankIdRoot(fingerprintOf(name, pem));
  const { environment } = variables;
  if (known && known.use !== use) throw fault(`${name} holds ${known.name}, which is BankID's ${known.use} root.`);
  if (environment === 'sandbox' && known)
    throw fault(`${name} holds ${known.name}; the sandbox trusts the simulator only.`);
  if (environment !== undefined && environment !== 'sandbox') checkPinned(name, known, environment);
  return pem;
}

function checkPinned(name: string, known: BankIdRoot | undefined, environment: BankIdRoot['environment']): void {
  if (!known) throw fault(`${name} holds a root that is not BankID's.`);
  if (known.environment !== environment)
    throw fault(`${name} holds ${known.name}; that is not the root of ${environment}.`);
}

function fingerprintOf(name: string, pem: string): string {
  if (pem.split('-----BEGIN CERTIFICATE-----').length !== 2)
    throw fault(`${name} must hold exactly one certificate in PEM.`);
  try {
    return hash('sha256', new X509Certificate(pem).raw, 'hex');
  } catch {
    throw fault(`${name} must hold exactly one certificate in PEM.`);
  }
}
