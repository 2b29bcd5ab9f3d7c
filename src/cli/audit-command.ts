import type { Command } from 'commander';
import type {
  AuditReading,
  AuditReport,
  BankTimeline,
  ConsentTimeline,
  LoginTimeline,
} from '../compliance/audit-reading.ts';
import { describeReport, describeTimeline } from './audit/describe-audit.ts';
import { openCommandContext, refuse } from './command-context.ts';

/** `EX_NOINPUT` of sysexits.h; 1 if the trail has faults. */
const exitCodes = { sound: 0, findings: 1, noInput: 66 } as const;

interface AuditOptions {
  readonly bank?: string;
  readonly verify?: true;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

/** `sigill audit`: what happened to a consent or a login, and whether the trail is whole. */
export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('show what happened to a consent or a login, or verify every chain of audit events')
    .argument('[consent]', 'id of a consent or a login')
    .option('--bank <client>', 'what concerns a bank itself: exports by break-glass')
    .option('--verify', 'verify all chains and compare them with the states of consents and logins')
    .option('--from <time>', 'with --verify: only events at or after this time, RFC 3339 or a date (UTC)')
    .option('--to <time>', 'with --verify: only events before this time')
    .option('--json', 'one JSON document on standard output')
    .action(audit);
}

async function audit(consent: string | undefined, options: AuditOptions): Promise<void> {
  const { parseAuditRequest } = await import('../compliance/audit-request.ts');
  try {
    const { period, bank, consentId } = parseAuditRequest({ consent, ...options });
    await withReading(async (reading) => {
      if (bank !== undefined) printTimeline(await reading.readBank(bank), options);
      else if (consentId === undefined) printReport(await reading.verify(period), options);
      else printTimeline((await reading.readConsent(consentId)) ?? (await findLogin(reading, consentId)), options);
    });
  } catch (error) {
    await refuse(error, 'the audit trail could not be read');
  }
}

/** A login has an id of the same form. */
async function findLogin(reading: AuditReading, id: string): Promise<LoginTimeline | undefined> {
  const { findLoginId } = await import('../kernel/ids.ts');
  const loginId = findLoginId(id);
  return loginId && reading.readLogin(loginId);
}

async function withReading(work: (reading: AuditReading) => Promise<void>): Promise<void> {
  const context = await openCommandContext();
  const { AuditReading } = await import('../compliance/audit-reading.ts');
  try {
    await work(context.get(AuditReading));
  } finally {
    await context.close();
  }
}

function printReport(report: AuditReport, { json }: AuditOptions): void {
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describeReport(report));
  process.exitCode = report.findings.length === 0 ? exitCodes.sound : exitCodes.findings;
}

function printTimeline(
  timeline: ConsentTimeline | LoginTimeline | BankTimeline | undefined,
  options: AuditOptions,
): void {
  if (!timeline) {
    const what =
      options.bank === undefined
        ? 'neither a consent nor a login nor an event has this id'
        : 'this bank has no events of its own';
    process.stderr.write(`${what}\n`);
    process.exitCode = exitCodes.noInput;
    return;
  }
  process.stdout.write(options.json ? `${JSON.stringify(timeline)}\n` : describeTimeline(timeline));
  process.exitCode = timeline.findings.length === 0 ? exitCodes.sound : exitCodes.findings;
}
