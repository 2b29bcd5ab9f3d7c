import { X509Certificate } from 'node:crypto';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { AppConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { createKeyRing } from '../database.ts';

/** The consent module against this simulator. */
export function configOf({ rpUrl, pki }: Simulator): AppConfig {
  return {
    environment: 'sandbox',
    issuer: 'http://localhost:3000',
    workers: true,
    maxRisk: 'moderate',
    requireDeviceBinding: true,
    evidenceKeys: createKeyRing(),
    lookupKeys: createKeyRing(),
    subjectKeys: createKeyRing(),
    bankid: {
      url: rpUrl,
      tlsRoot: pki.tlsRootPem,
      signatureRoot: pki.signatureRootPem,
      client: { kind: 'pem', cert: pki.rpCertificatePem, key: new Secret(pki.rpKeyPem) },
      certificate: new X509Certificate(pki.rpCertificatePem).raw,
    },
  } as Partial<AppConfig> as AppConfig;
}
