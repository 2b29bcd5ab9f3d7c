import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';

interface DemoOptions {
  readonly json?: true;
  /** Where to write an export of the consent, as an auditor would get it. */
  readonly export?: string;
}

/** The interface of the sandbox's demo. The sandbox is not part of an installation. */
interface Demo {
  runDemo(onStep: (step: string, ms: number) => void, exportTo?: string): Promise<DemoResult>;
}

interface DemoResult {
  readonly consent: { readonly state: string };
  readonly verification: { readonly indication: string; readonly matches: string };
  readonly secondConsumption: string;
}

/** `sigill demo`: one payment from push to consumption against a fresh embedded system. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('run one payment from push to consumption on a fresh, embedded system (only in a checkout)')
    .option('--json', 'one JSON document on standard output')
    .option('--export <file>', 'also export the consent as a ZIP, to try verification on')
    .action(demonstrate);
}

async function demonstrate(options: DemoOptions): Promise<void> {
  const demo = await findDemo();
  if (!demo) {
    process.stderr.write('The demo is available only in a checkout.\n');
    process.exitCode = 69;
    return;
  }
  const onStep = (step: string, ms: number): unknown => process.stderr.write(`${step.padEnd(16)} ${ms} ms\n`);
  const result = await demo.runDemo(onStep, options.export);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = isAsPromised(result) ? 0 : 1;
}

async function findDemo(): Promise<Demo | undefined> {
  const file = new URL('../../sandbox/demo.js', import.meta.url);
  return existsSync(fileURLToPath(file)) ? ((await import(file.href)) as Demo) : undefined;
}

function isAsPromised({ consent, verification, secondConsumption }: DemoResult): boolean {
  const verified = verification.indication === 'TOTAL-PASSED' && verification.matches === 'yes';
  return consent.state === 'consumed' && verified && secondConsumption === 'refused';
}
