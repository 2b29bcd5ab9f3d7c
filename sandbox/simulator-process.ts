import { readFileSync } from 'node:fs';
import { startChild, type Child } from './child.ts';
import type { SimulatorFacts } from './prepare.ts';

export interface SimulatorProcess {
  readonly pid: number;
  readonly facts: SimulatorFacts;
  stop(): Promise<void>;
}

export interface SimulatorPorts {
  readonly rp: number;
  readonly app: number;
}

/** The BankID simulator as a process of its own, as BankID is; its PKI is kept in `pkiFolder`. */
export async function startSimulatorProcess(
  pkiFolder: string,
  ports: SimulatorPorts,
  timeScale = 1,
): Promise<SimulatorProcess> {
  const flags = ['--rp-port', String(ports.rp), '--app-port', String(ports.app), '--pki-dir', pkiFolder];
  flags.push('--time-scale', String(timeScale));
  const child = await startChild('../simulator/main', flags);
  return { pid: child.process.pid ?? 0, facts: readFacts(child), stop: () => child.stop() };
}

/** The ready line names files; the service is given their contents. */
function readFacts(child: Child): SimulatorFacts {
  const ready = child.ready as Readonly<Record<string, string>>;
  const pem = (member: string): string => readFileSync(ready[member] ?? '', 'utf8');
  return {
    rpUrl: ready['rpUrl'] ?? '',
    appUrl: ready['appUrl'] ?? '',
    pki: {
      tlsRootPem: pem('tlsRootFile'),
      signatureRootPem: pem('signatureRootFile'),
      rpCertificatePem: pem('rpCertificateFile'),
      rpKeyPem: pem('rpKeyFile'),
    },
    trustServices: {
      rootPem: pem('trustRootFile'),
      seal: { keyPem: pem('sealKeyFile'), certificatePem: pem('sealCertificateFile') },
    },
    secondParty: { rpCertificatePem: pem('secondRpCertificateFile'), rpKeyPem: pem('secondRpKeyFile') },
  };
}
