import { randomInt } from 'node:crypto';
import { isFree } from '../../../sandbox/free-port.ts';

/** As many as `npm start -- --port` takes. */
const PORTS = 6;
/** Tens below the ports that freePort gives: a suite that runs beside this one could be given one of the six before the sandbox takes it. */
const [LOWEST, HIGHEST] = [1_000, 1_500];
const TRIES = 100;

/** The first of six free ports in a row. */
export async function freeSandboxPorts(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const first = randomInt(LOWEST, HIGHEST) * 10;
    const areFree = await Promise.all(Array.from({ length: PORTS }, (_, at) => isFree(first + at)));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error('no six free ports in a row');
}
