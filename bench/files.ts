import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rootPem, writeDirectory, writeExport } from './files/prepare.ts';
import { percentile } from './percentile.ts';
import { makeMaterial } from './verify/material.ts';

/**
 * `sigill verify --jsonl` over many files, in turn by one thread and by two: a directory of `--files` signatures with their OCSP
 * responses, or with `--zip` one export of that many consents.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    files: { type: 'string', default: '8000' },
    zip: { type: 'string' },
    payers: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
  },
});

const CLI = fileURLToPath(new URL('../../bin/sigill.js', import.meta.url));
/** A process reports its own usage at its end: only it knows that of all its threads. */
const REPORT_USAGE = `import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(process.env.USAGE,JSON.stringify(process.resourceUsage())))`;

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

const work = mkdtempSync(join(tmpdir(), 'sigill-bench-'));
try {
  const result = await measure();
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function measure(): Promise<object> {
  const payers = Number(values.payers);
  // An export holds no consent twice.
  const material = await makeMaterial(payers, new Date(), Math.max(payers, Number(values.zip ?? 0)));
  const root = join(work, 'root.pem');
  writeFileSync(root, rootPem(material.trust));
  const count = Number(values.zip ?? values.files);
  const path =
    values.zip === undefined
      ? writeDirectory(join(work, 'signatures'), material, count)
      : await writeExport(join(work, 'export.zip'), material, count);
  process.stderr.write(`${count} made\n`);
  // The first run reads the files from the disk, all others from memory.
  await verify(path, root, 2);
  const runs: { readonly one: Run; readonly two: Run }[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    runs.push({ one: await verify(path, root, 1), two: await verify(path, root, 2) });
  }
  const median = (of: (run: (typeof runs)[number]) => number): number => round3(percentile(runs.map(of), 0.5));
  return {
    signatures: count,
    kind: values.zip === undefined ? 'directory' : 'zip',
    perSecondByOne: Math.round(count / median(({ one }) => one.seconds)),
    perSecondByTwo: Math.round(count / median(({ two }) => two.seconds)),
    twoToOne: median(({ one, two }) => one.seconds / two.seconds),
    cpuSecondsByOne: median(({ one }) => one.cpuSeconds),
    cpuSecondsByTwo: median(({ two }) => two.cpuSeconds),
    rssMbByOne: median(({ one }) => one.rssMb),
    rssMbByTwo: median(({ two }) => two.rssMb),
  };
}

async function verify(path: string, root: string, jobs: number): Promise<Run> {
  const usage = join(work, 'usage.json');
  const out = openSync(join(work, 'lines.jsonl'), 'w');
  const issuer = `${path}.seal.pem`;
  const sealTrust = existsSync(issuer) ? ['--seal-trust', issuer, '--tsa-trust', issuer] : [];
  const args = ['verify', path, '--trust-unpinned', root, ...sealTrust, '--jsonl', '--jobs', String(jobs)];
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(REPORT_USAGE)}`, CLI, ...args],
    {
      stdio: ['ignore', out, 'inherit'],
      env: { ...process.env, USAGE: usage },
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  const seconds = (performance.now() - begun) / 1000;
  closeSync(out);
  if (code !== 0) throw new Error(`sigill verify ended with ${String(code)}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, 'utf8')) as NodeJS.ResourceUsage;
  const run = { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, rssMb: Math.round(maxRSS / 1000) };
  process.stderr.write(`${JSON.stringify({ jobs, ...run })}\n`);
  return run;
}

function round3(value: number): number {
  return Number(value.toPrecision(3));
}
