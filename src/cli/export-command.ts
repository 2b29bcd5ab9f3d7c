import type { Command } from 'commander';
import type { ApproveOptions } from './approval/approve.ts';
import type { BreakGlassOptions } from './exports/break-glass.ts';
import type { ExportOptions, FetchOptions } from './auditor/export-actions.ts';
import { reportFailure } from './auditor/failures.ts';

/**
 * `sigill export`: evidence of a bank's consents, ordered from the service by one of its auditors. With `--break-glass` it is made by the
 * operator, with all of the service's secrets and without approval.
 */
export function registerExport(program: Command): void {
  // So that an option after `get` is one of `get`.
  const orders = program
    .enablePositionalOptions()
    .command('export')
    .description('order an export from a service as one of its auditors, wait for it, and download it')
    .enablePositionalOptions()
    .option('--format <format>', 'list, folders, bundles or jsonl (list for a period, folders for one consent)')
    .option('--first-day <date>', 'authorised on this day in Sweden or later')
    .option('--last-day <date>', 'authorised on this day in Sweden or before')
    .option('--from <time>', 'instead of days: authorised at this moment (RFC 3339) or later')
    .option('--to <time>', 'authorised before this moment')
    .option('--tpp <client>', 'only consents of this TPP')
    .option('--consent <id>', 'one consent, instead of a period')
    .option('--reference <reference>', 'only the payment with this reference at the bank')
    .option('--payer', 'only of the person whose number of twelve digits standard input holds')
    .option('--receipts', 'with the receipt of each payment')
    .option('--purpose <word>', 'why, as audit or complaint; recorded in the audit trail and in the manifest')
    .option('--case <reference>', 'the case for which it is ordered, without personal data')
    .option('--no-wait', 'only order it; sigill export get waits for it and downloads it')
    .option('--break-glass <case>', 'as the operator, with the configuration of the service: without approval')
    .option('--bank <client>', 'with --break-glass: the bank whose evidence it is');
  personOptions(fetchOptions(orders)).action((options: ExportOptions & BreakGlassOptions) => run(() => order(options)));
  fetchOptions(orders.command('get'))
    .description('wait for an export that was ordered before, and go on with its download')
    .argument('<export>', 'its id')
    .action((id: string, options: FetchOptions) => run(async () => (await actions()).fetchOrdered(id, options)));
  credentials(orders.command('delete'))
    .description('end an export, and destroy its result at the service')
    .argument('<export>', 'its id')
    .action((id: string, options: FetchOptions) => run(async () => (await actions()).deleteOrdered(id, options)));
  for (const command of orders.commands) command.exitOverride().showHelpAfterError();
}

/** The options by which a command finds a service and authenticates to it. */
export function credentials(command: Command): Command {
  return command
    .option('--issuer <url>', 'the service (AUDITOR_ISSUER)')
    .option('--client <id>', 'the client that asks (AUDITOR_CLIENT_ID)')
    .option('--key <file>', 'its private key, a JWK or PEM (AUDITOR_KEY_FILE)')
    .option('--certificate <file>', 'the certificate of that key, PEM, for mTLS (AUDITOR_CERTIFICATE_FILE)');
}

/** The options by which a person's browser is reached. */
export function personOptions(command: Command): Command {
  return command
    .option('--no-browser', 'only print the address at which a person logs in')
    .option('--redirect-port <port>', 'to which the browser returns from there; any that is free without it');
}

function fetchOptions(command: Command): Command {
  return credentials(command)
    .option('--out <file>', 'where to write it; - for standard output')
    .option('--force', 'replace the file if there is one')
    .option('--json', 'one JSON document on standard output, and nothing else');
}

async function order(options: ExportOptions & BreakGlassOptions): Promise<void> {
  if (options.breakGlass === undefined) return (await actions()).orderAndFetch(options);
  const { breakGlass } = await import('./exports/break-glass.ts');
  await breakGlass(options);
}

const actions = (): Promise<typeof import('./auditor/export-actions.ts')> => import('./auditor/export-actions.ts');

async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    reportFailure(error);
  }
}

/** `sigill approve`: an order of another person, approved by a login at the bank's own provider. */
export function registerApprove(program: Command): void {
  personOptions(credentials(program.command('approve')))
    .description('approve an export that another person of the bank has ordered, by logging in')
    .argument('<export>', 'its id')
    .option('--json', 'one JSON document on standard output, and nothing else there')
    .action(async (id: string, options: ApproveOptions) => {
      try {
        const { approve } = await import('./approval/approve.ts');
        await approve(id, options);
      } catch (error) {
        reportFailure(error);
      }
    });
}
