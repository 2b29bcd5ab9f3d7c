import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ephemeral ports: an outgoing connection could be given one of those before it is used here. */
const [LOWEST, HIGHEST] = [15_000, 32_000];
const TRIES = 100;

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
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
