import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ephemeral ports: an outgoing connection could be given one of those before it is used here. */
const [LOWEST, HIGHEST] = [15_000, 32_000];
/** Tens below them: a program that starts beside could be given one of a sandbox's ports before the sandbox takes it. */
const [LOWEST_TEN, HIGHEST_TEN] = [1_000, 1_500];
/** As many as a sandbox takes, but for those of the OpenID Foundation's suite. */
const SANDBOX_PORTS = 6;
const TRIES = 100;

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

/** The first of the free ports in a row that a sandbox takes. */
export async function freeSandboxPorts(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const first = randomInt(LOWEST_TEN, HIGHEST_TEN) * 10;
    const areFree = await Promise.all(Array.from({ length: SANDBOX_PORTS }, (_, at) => isFree(first + at)));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error('no six free ports in a row');
}

/** Whether no program listens on this port, under either of the names of this machine. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'));
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    // On a machine without IPv6 no program can listen there.
    return (error as NodeJS.ErrnoException).code !== 'EADDRINUSE' && host !== '127.0.0.1';
  }
  server.close();
  await once(server, 'close');
  return true;
}
