import type { Command } from 'commander';
import type { ReverificationSummary } from '../compliance/reverification.ts';
import { describeReport } from './audit/describe-audit.ts';
import { openCommandContext, operator, refuse } from './command-context.ts';

/** Exit codes: 1 if something differs from what was stored. */
const exitCodes = { unchanged: 0, changed: 1 } as const;

interface ReverifyOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

/** `sigill reverify`: verifies the stored evidence again with today's verifier. */
export function registerReverify(program: Command): void {
  program
    .command('reverify')
    .description(
      "verify the stored evidence of a period with today's verifier, and list what differs from what was stored",
    )
    .requiredOption('--from <time>', 'stored at or after: RFC 3339, or a date (UTC)')
    .requiredOption('--to <time>', 'stored before: RFC 3339, or a date (UTC)')
    .option('--json', 'one JSON document on standard output')
    .action(reverify);
}

async function reverify({ from, to, json }: ReverifyOptions): Promise<void> {
  const { parsePeriod } = await import('../compliance/export-request.ts');
  try {
    const summary = await run(parsePeriod({ from, to }));
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : describe(summary));
    process.exitCode = isUnchanged(summary) ? exitCodes.unchanged : exitCodes.changed;
  } catch (error) {
    await refuse(error, 'the evidence could not be verified again');
  }
}

async function run(period: { readonly from: Date; readonly to: Date }): Promise<ReverificationSummary> {
  const context = await openCommandContext();
  const { Reverification } = await import('../compliance/reverification.ts');
  try {
    return await context.get(Reverification).run(period, operator());
  } finally {
    await context.close();
  }
}

function isUnchanged({ changed, damaged, logins, rows, audit }: ReverificationSummary): boolean {
  return [changed, damaged, logins.changed, logins.damaged, rows.differences, audit.findings].every(
    (findings) => findings.length === 0,
  );
}

function describe(summary: ReverificationSummary): string {
  const { verified, erased, changed, damaged, withoutEvidence, logins, rows, audit } = summary;
  const lines = [
    `${verified} verified again, ${changed.length} with another verdict, ${damaged.length} damaged, ${erased} erased.`,
    ...changed.flatMap(({ evidenceId, consentId, kind, was, is, checks }) => [
      `${evidenceId}  ${kind}, consent ${consentId}: was ${was}, is ${is}`,
      ...checks.map((check) => `    ${check.id}: was ${check.was}, is ${check.is}: ${check.detail}`),
    ]),
    ...damaged.map(({ evidenceId, reason }) => `${evidenceId}  DAMAGED: ${reason}`),
    ...describeLogins(logins),
    ...withoutEvidence.map((orderId) => `order ${orderId} was signed and has no evidence`),
    `${rows.compared} consents compared with what was signed, ${rows.differences.length} differences.`,
    ...rows.differences.map(({ consentId, column, problem }) => `consent ${consentId}  ${column}: ${problem}`),
  ];
  return `${lines.join('\n')}\nAudit trail: ${describeReport(audit)}`;
}

function describeLogins({ verified, erased, changed, damaged }: ReverificationSummary['logins']): readonly string[] {
  return [
    `Of logins ${verified} verified again, ${changed.length} with another verdict, ${damaged.length} damaged, ${erased} erased.`,
    ...changed.flatMap(({ evidenceId, loginId, kind, was, is, checks }) => [
      `${evidenceId}  ${kind}, login ${loginId}: was ${was}, is ${is}`,
      ...checks.map((check) => `    ${check.id}: was ${check.was}, is ${check.is}: ${check.detail}`),
    ]),
    ...damaged.map(({ evidenceId, reason }) => `${evidenceId}  DAMAGED: ${reason}`),
  ];
}
