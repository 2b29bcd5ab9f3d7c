import { fstatSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pkiFiles } from './pki/pki.ts';
import { trustFiles } from './tsa/trust-services.ts';
import { startSimulator, type Simulator } from './simulator.ts';

const usage = `simulator [--rp-port N] [--app-port N] [--host ADDRESS] [--pki-dir DIRECTORY] [--time-scale N] [--qr-max-age SECONDS]`;

/** Runs the simulator as a process of its own; prints one line of JSON when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'rp-port': { type: 'string', default: '0' },
      'app-port': { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      'pki-dir': { type: 'string' },
      'time-scale': { type: 'string', default: '1' },
      'qr-max-age': { type: 'string', default: '10' },
    },
  });
  const own = values['pki-dir'] === undefined ? await mkdtemp(join(tmpdir(), 'bankid-simulator-')) : undefined;
  const pkiDirectory = values['pki-dir'] ?? own ?? '';
  const simulator = await startSimulator({
    rpPort: number(values['rp-port'], '--rp-port'),
    appPort: number(values['app-port'], '--app-port'),
    host: values.host,
    pkiDirectory,
    timeScale: number(values['time-scale'], '--time-scale'),
    qrMaxAgeSeconds: number(values['qr-max-age'], '--qr-max-age'),
  });
  stopWithParent(simulator, own);
  process.stdout.write(`${JSON.stringify(readyLine(simulator, pkiDirectory))}\n`);
}

function readyLine({ rpUrl, appUrl, pki, secondParty }: Simulator, directory: string): Record<string, string> {
  const files = Object.entries({ ...pkiFiles, ...trustFiles }).map(
    ([name, file]) => [name, join(directory, file)] as const,
  );
  const { relyingPartyName, rpP12Passphrase } = pki;
  const secondRelyingPartyName = secondParty.relyingPartyName;
  return { rpUrl, appUrl, relyingPartyName, secondRelyingPartyName, rpP12Passphrase, ...Object.fromEntries(files) };
}

/** Stops at SIGTERM, SIGINT, and when the pipe that is stdin ends: a killed parent leaves nothing behind. */
function stopWithParent(simulator: Simulator, ownDirectory: string | undefined): void {
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= simulator
      .stop()
      .then(() => (ownDirectory === undefined ? undefined : rm(ownDirectory, { recursive: true })))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const stdin = fstatSync(0);
  // A terminal or /dev/null says nothing about the parent.
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on('end', stop).on('close', stop).resume();
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${option} must be a number.\n${usage}`);
  return value;
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
