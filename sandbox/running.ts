import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The name of the lock in the sandbox's folder. */
export const SOCKET = 'running.sock';

/** What a running sandbox announces. */
export interface Running {
  readonly pid: number;
  /** The URL of the shop; undefined while the sandbox starts. */
  readonly shopUrl?: string;
}

/** Another sandbox is already running; it was not changed. */
export class AlreadyRunning extends Error {
  constructor({ pid, shopUrl }: Running) {
    super(
      shopUrl === undefined
        ? `Sigill is already starting (process ${pid}).`
        : `Sigill is already running at ${shopUrl}`,
    );
  }
}

/**
 * Locks the sandbox's folder until this process ends, however it ends: the lock is a listening socket, and the
 * one that a killed process leaves behind accepts no connection.
 * @throws AlreadyRunning
 */
export async function claimFolder(folder: string): Promise<{ announce(shopUrl: string): void; release(): void }> {
  const path = socketOf(folder);
  let announced: Running = { pid: process.pid };
  const server = createServer((caller) => void caller.on('error', () => undefined).end(JSON.stringify(announced)));
  try {
    await listen(server, path);
  } catch {
    const running = await findRunning(folder);
    if (running) throw new AlreadyRunning(running);
    rmSync(path, { force: true });
    await listen(server, path);
  }
  chmodSync(path, 0o600);
  server.unref();
  return {
    announce: (shopUrl) => {
      announced = { ...announced, shopUrl };
    },
    release: () => server.close(),
  };
}

/** The sandbox that runs in this folder, if one does. */
export async function findRunning(folder: string): Promise<Running | undefined> {
  const socket = connect(socketOf(folder));
  try {
    await once(socket, 'connect');
    return JSON.parse(await text(socket)) as Running;
  } catch {
    return undefined;
  }
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
}

function socketOf(folder: string): string {
  return join(folder, SOCKET);
}
