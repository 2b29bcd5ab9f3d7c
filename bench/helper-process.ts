import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Undo } from '../sandbox/undo.ts';

/**
 * Starts a program of this folder (a path without extension) that carries out commands, and waits until it is ready. It is a process
 * of its own, so that what is measured is not charged for sending requests.
 */
export async function startHelper(program: string, args: readonly string[], undo: Undo): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL(`${program}.js`, import.meta.url)), [...args]);
  undo.later(() => {
    if (child.connected) child.disconnect();
  });
  await once(child, 'message');
  return child;
}

/** Gives the helper one command and returns its answer. @throws Error when it ends instead */
export async function askHelper<T>(child: ChildProcess, command: object | string): Promise<T> {
  const died = once(child, 'exit').then(() => {
    throw new Error('a process of the benchmark ended before it answered');
  });
  child.send(command);
  const [answer] = await Promise.race([once(child, 'message') as Promise<[T]>, died]);
  return answer;
}
