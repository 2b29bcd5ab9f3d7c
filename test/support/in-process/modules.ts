import { X509Certificate } from 'node:crypto';
import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { bankIdTimings, TIMINGS, type Timings } from '../../../src/bankid-sign/order/timings.ts';
import type { AppConfig, BankIdClientKey } from '../../../src/config/config.ts';
import { openPool } from '../../../src/database/open-database.ts';
import { FoundationModule } from '../../../src/foundation.module.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { KeyRing } from '../../../src/config/key-ring.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { createKeyRing, type TestDatabase } from '../database/database.ts';

/** The part of the simulator's material that a relying party has. */
export interface Material {
  readonly tlsRootPem: string;
  readonly signatureRootPem: string;
  readonly rpCertificatePem: string;
  readonly rpKeyPem: string;
}

export interface ModuleConfig {
  /** Where BankID, or the simulator, is. */
  readonly url: string;
  readonly material: Material;
  readonly client?: BankIdClientKey;
  readonly keys?: KeyRing;
  readonly workers?: boolean;
}

export interface StartedModules extends ModuleConfig {
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly db: TestDatabase;
  readonly clock: Clock;
  readonly connections: number;
  readonly timings?: Partial<Timings>;
}

/** Fast enough that no test waits for seconds. */
const quick: Timings = { ...bankIdTimings, collectIntervalMs: 50, tickMs: 10, answerUnknownMs: 300 };

/** Modules of the service on a database of the test, with a pool of their own and without HTTP. */
export async function startModules({
  imports,
  db,
  clock,
  connections,
  timings,
  ...config
}: StartedModules): Promise<TestingModule> {
  const source = await openPool(db.url, connections);
  const module = await Test.createTestingModule({
    imports: [FoundationModule.forRoot({ config: configOf(config), clock, source }), ...imports],
  })
    .overrideProvider(TIMINGS)
    .useValue({ ...quick, ...timings })
    .compile();
  module.useLogger(false);
  return module.init();
}

function configOf({ url, material, client, keys = createKeyRing(), workers = true }: ModuleConfig): AppConfig {
  return {
    environment: 'sandbox',
    issuer: 'http://localhost:3000',
    workers,
    maxRisk: 'moderate',
    requireDeviceBinding: true,
    evidenceKeys: keys,
    lookupKeys: createKeyRing(),
    subjectKeys: createKeyRing(),
    bankid: {
      url,
      tlsRoot: material.tlsRootPem,
      signatureRoot: material.signatureRootPem,
      client: client ?? { kind: 'pem', cert: material.rpCertificatePem, key: new Secret(material.rpKeyPem) },
      certificate: new X509Certificate(material.rpCertificatePem).raw,
    },
  } as Partial<AppConfig> as AppConfig;
}
