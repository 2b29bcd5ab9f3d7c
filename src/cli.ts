import { Command, CommanderError } from 'commander';
import { registerAudit } from './cli/audit-command.ts';
import { registerDemo } from './cli/demo-command.ts';
import { registerApprove, registerExport } from './cli/export-command.ts';
import { registerExportLogin } from './cli/export-login-command.ts';
import { registerInspect } from './cli/inspect-command.ts';
import { registerLedger, registerRenewTimestamps, registerReseal } from './cli/ledger-commands.ts';
import { registerMigrate } from './cli/migrate-command.ts';
import { registerClient, registerPapers, registerSettings } from './cli/offline-commands.ts';
import { registerFigures, registerPhoneOrders, registerRights } from './cli/operator-commands.ts';
import { registerRecover } from './cli/recover-command.ts';
import { registerReverify } from './cli/reverify-command.ts';
import { registerServeVerifier } from './cli/serve-verifier-command.ts';
import { registerVerify } from './cli/verify-command.ts';
import { SOFTWARE_VERSION } from './kernel/version.ts';

/** `EX_USAGE` of sysexits.h: the command was used wrongly. */
const USAGE = 64;

const program = new Command('sigill')
  .description('PSD2 payment consents, signed with BankID: verify, inspect, export')
  .version(SOFTWARE_VERSION)
  .showHelpAfterError()
  .exitOverride();

// Each command imports what it needs when it runs: `verify` and `inspect` load neither Nest nor a database driver.
const commands = [
  registerVerify,
  registerInspect,
  registerPapers,
  registerServeVerifier,
  registerExport,
  registerApprove,
  registerExportLogin,
  registerReverify,
  registerRecover,
  registerPhoneOrders,
  registerRights,
  registerFigures,
  registerLedger,
  registerRenewTimestamps,
  registerReseal,
  registerAudit,
  registerDemo,
  registerMigrate,
  registerSettings,
  registerClient,
];
for (const register of commands) register(program);
for (const command of program.commands) command.exitOverride().showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed what is wrong; help and version exit with 0.
  process.exitCode = error.exitCode === 0 ? 0 : USAGE;
}
