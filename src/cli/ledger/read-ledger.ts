import type { FsckReport } from '../../ledger/ledger-fsck.ts';
import type { LogStatus } from '../../ledger/ledger-status.ts';
import { inService } from '../command-context.ts';

/** 1 where there are faults. */
const exitCodes = { sound: 0, faults: 1 } as const;

interface OutputOptions {
  readonly json?: true;
}

/** What `sigill ledger status` does. */
export async function printStatus({ json }: OutputOptions): Promise<void> {
  await inService(async (context) => {
    const { LedgerStatus } = await import('../../ledger/ledger-status.ts');
    const logs = await context.get(LedgerStatus).read();
    process.stdout.write(json ? `${JSON.stringify({ logs })}\n` : logs.map(describeStatus).join('\n'));
  });
}

/** What `sigill ledger fsck` does. */
export async function printFaults({ json }: OutputOptions): Promise<void> {
  await inService(async (context) => {
    const { LedgerFsck } = await import('../../ledger/ledger-fsck.ts');
    const report = await context.get(LedgerFsck).run();
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : describeFsck(report));
    process.exitCode = report.faultCount === 0 ? exitCodes.sound : exitCodes.faults;
  });
}

/** What `sigill ledger rebuild` does. */
export async function rebuild({ json }: OutputOptions): Promise<void> {
  await inService(async (context) => {
    const { LedgerRebuild } = await import('../../ledger/ledger-rebuild.ts');
    const logs = await context.get(LedgerRebuild).run();
    const lines = logs.map(({ bank, kind, heads }) => `${bank}, ${kind}: ${heads} heads written again\n`);
    process.stdout.write(json ? `${JSON.stringify({ logs })}\n` : lines.join(''));
  });
}

function describeStatus({ bank, log, origin, keys, leaves, head, kept }: LogStatus): string {
  const signed = head ? `${head.size} leaves, cosigned by ${head.cosignedBy.join(', ') || 'no witness'}` : 'none';
  return [
    `${bank}, ${log}`,
    `  origin  ${origin}`,
    ...keys.map((key) => `  key     ${key}`),
    `  leaves  ${leaves}`,
    `  head    ${signed}`,
    `  kept    ${typeof kept === 'number' ? `${kept} leaves` : `LEDGER_DIRECTORY: ${kept}`}`,
    '',
  ].join('\n');
}

function describeFsck({ logs, faults, faultCount }: FsckReport): string {
  const checked = logs.flatMap(({ bank, log, leaves, lost, timestampGaps }) => [
    `${bank}, ${log}: ${leaves} leaves${lost > 0 ? `, ${lost} of them lost` : ''}`,
    ...timestampGaps.map(({ from, to }) => `${bank}, ${log}: no timestamp from ${from} ${to ? `to ${to}` : 'on'}`),
  ]);
  const more = faultCount - faults.length;
  const listed = [...faults.map(describeFault), ...(more > 0 ? [`and ${more} more`] : [])];
  return [...checked, ...(faultCount === 0 ? ['No faults.'] : listed), ''].join('\n');
}

function describeFault({ bank, log, fault, number, size, detail }: FsckReport['faults'][number]): string {
  const where = [
    ...(number === undefined ? [] : [`number ${number}`]),
    ...(size === undefined ? [] : [`head of ${size}`]),
    ...(detail === undefined ? [] : [detail]),
  ];
  return `${bank}, ${log}: ${[fault, ...where].join(', ')}`;
}
