import { readdirSync, readFileSync } from 'node:fs';

/** Fields of /proc/PID/stat after the command, counted from the state; in clock ticks of 10 ms. @see proc_pid_stat(5) */
const PARENT = 1;
const TIMES = [11, 12];
const TIMES_OF_ENDED_CHILDREN = [13, 14];
const MS_PER_TICK = 10;

/**
 * Processor time that a process has used so far, all its threads included.
 * @returns NaN where there is no /proc
 */
export function processCpuMs(pid: number): number {
  const stat = findStat(String(pid));
  return stat ? sum(stat, TIMES) * MS_PER_TICK : Number.NaN;
}

/**
 * Processor time that a PostgreSQL server has used so far, with its backends, also those that have ended.
 * @param pid of the postmaster
 * @returns NaN where there is no /proc
 */
export function postgresCpuMs(pid: number): number {
  const server = findStat(String(pid));
  if (!server) return Number.NaN;
  let ticks = sum(server, [...TIMES, ...TIMES_OF_ENDED_CHILDREN]);
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const child = findStat(name);
    if (child && Number(child[PARENT]) === pid) ticks += sum(child, TIMES);
  }
  return ticks * MS_PER_TICK;
}

function findStat(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function sum(stat: readonly string[], fields: readonly number[]): number {
  return fields.reduce((total, field) => total + Number(stat[field]), 0);
}
