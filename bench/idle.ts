import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Undo } from '../sandbox/undo.ts';
import { printResult } from './print-result.ts';
import { prepare, startService } from './service/prepare.ts';

/** How long the service takes from the start of its process until it is ready, and how much memory it holds while no request comes. */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<Record<string, number>> {
  const prepared = await prepare(undo);
  const begun = performance.now();
  const service = await startService(prepared, undo);
  const readyMs = Math.round(performance.now() - begun);
  await delay(10_000);
  const rssKb = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(service.pid)], { encoding: 'utf8' }));
  return { readyMs, rssMb: Math.round(rssKb / 1000) };
}
