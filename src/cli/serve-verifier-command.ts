import type { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';

/** EX_CONFIG of sysexits.h. */
const CONFIG = 78;

/** `sigill serve-verifier`: the verifier over HTTP, for callers that do not use Node. */
export function registerServeVerifier(program: Command): void {
  program
    .command('serve-verifier')
    .description('serve POST /evidence/verify: stateless, no database, callers by mTLS (see docs/verify.md)')
    .action(serve);
}

async function serve(): Promise<void> {
  const { ConfigError } = await import('../config/config.ts');
  const { loadVerifierConfig } = await import('../config/load-config.ts');
  const { startVerifierServer } = await import('../uploads/verifier-server.ts');
  const { runUntilSignal } = await import('../operations/run-until-signal.ts');
  try {
    const config = loadVerifierConfig();
    const server = await startVerifierServer(config, systemClock);
    process.stderr.write(`sigill: verifying for ${config.environment} on ${config.host} port ${server.port}\n`);
    runUntilSignal(() => server.close());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the verifier does not start'}\n`);
    process.exitCode = error instanceof ConfigError ? CONFIG : 1;
  }
}
