import { readFileSync } from 'node:fs';
import { warningsOf, type ClientWarning } from '../../clients/client-warnings.ts';
import { readClients } from '../../clients/parse-clients.ts';
import { ConfigError } from '../../config/config.ts';
import { loadRpCertificates } from '../../config/load-config.ts';
import type { RpCertificates } from '../../config/rp-certificates.ts';
import { systemClock } from '../../kernel/clock.ts';
import { environments, isEnvironment, type Environment } from '../../kernel/environment.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { findJsonFault } from '../../kernel/text/json-fault.ts';

/** `EX_USAGE` and `EX_NOINPUT` of sysexits.h; 1 for a file with faults. */
const exitCodes = { faults: 1, usage: 64, noInput: 66 } as const;

export interface CheckOptions {
  readonly environment: string;
  readonly certificates?: string;
  readonly json?: true;
}

interface Finding extends ClientWarning {
  /** Where the text is no JSON. */
  readonly line?: number;
  readonly column?: number;
}

interface Findings {
  readonly clients: number;
  readonly faults: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Checks a CLIENTS_FILE as the service does when it starts, and prints every fault with its JSON pointer. */
export function checkClientsFile(path: string, { environment, certificates, json }: CheckOptions): void {
  if (!isEnvironment(environment)) {
    process.stderr.write(`--environment is none of ${environments.join(', ')}\n`);
    process.exitCode = exitCodes.usage;
    return;
  }
  try {
    const ring = certificates === undefined ? undefined : loadRpCertificates(certificates, environment);
    const findings = findingsOf(readFileSync(path, 'utf8'), environment, ring);
    process.stdout.write(
      json ? `${JSON.stringify({ file: path, environment, ...findings })}\n` : textOf(path, environment, findings),
    );
    if (findings.faults.length > 0) process.exitCode = exitCodes.faults;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof ConfigError) && code === undefined) throw error;
    process.stderr.write(error instanceof ConfigError ? `${error.message}\n` : `cannot read ${path} (${code})\n`);
    process.exitCode = exitCodes.noInput;
  }
}

function findingsOf(text: string, environment: Environment, ring: RpCertificates | undefined): Findings {
  const broken = findJsonFault(text);
  if (broken) return { clients: 0, faults: [{ pointer: '', ...broken }], warnings: [] };
  const document: unknown = JSON.parse(text);
  const { clients, faults } = readClients(document, environment, ring);
  if (faults.length > 0)
    return {
      clients: clients.length,
      faults: faults.map(({ pointer, problem }) => ({ pointer, problem })),
      warnings: [],
    };
  const base = isJsonObject(document) ? '/clients' : '';
  const warnings = warningsOf(clients, ring, systemClock.now());
  return {
    clients: clients.length,
    faults: [],
    warnings: warnings.map(({ pointer, problem }) => ({ pointer: `${base}${pointer}`, problem })),
  };
}

function textOf(path: string, environment: Environment, { clients, faults, warnings }: Findings): string {
  const line = (kind: string, { pointer, problem, line: at, column }: Finding): string => {
    const place = at === undefined ? pointer : `line ${at}, column ${column}:`;
    return [kind, place, problem].filter((part) => part !== '').join(' ');
  };
  return [
    ...faults.map((finding) => line('fault  ', finding)),
    ...warnings.map((finding) => line('warning', finding)),
    `${path}: ${clients} clients, ${faults.length} faults, ${warnings.length} warnings (${environment})`,
    '',
  ].join('\n');
}
