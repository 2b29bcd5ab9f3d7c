import { eventually } from '../eventually.ts';

type AsOwner = (sql: string) => Promise<readonly Record<string, unknown>[]>;
/** One of PostgreSQL's own processes, as `pg_stat_activity` names it. */
type ServerProcess = 'background writer' | 'walwriter';

/** kill -9 of one of the server's own processes: PostgreSQL restarts all of them and recovers from its log. */
export async function crash(asOwner: AsOwner): Promise<void> {
  await kill(asOwner, 'background writer', await findPid(asOwner, 'background writer'));
}

/**
 * Crashes the server right after `work`, during which its WAL writer stood still: a commit of `work` that did not wait for the disk, and
 * that no waiting one followed, is lost.
 */
export async function crashAfter<T>(asOwner: AsOwner, work: () => Promise<T>): Promise<T> {
  const pid = await findPid(asOwner, 'walwriter');
  process.kill(pid, 'SIGSTOP');
  const done = await work();
  await kill(asOwner, 'walwriter', pid);
  return done;
}

async function kill(asOwner: AsOwner, name: ServerProcess, pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  const isBack = async (): Promise<true | undefined> => {
    const present = await findPid(asOwner, name).catch(() => pid);
    return present !== pid || undefined;
  };
  await eventually(isBack, () => 'PostgreSQL does not come back');
}

async function findPid(asOwner: AsOwner, name: ServerProcess): Promise<number> {
  const [found] = await asOwner(`select pid from pg_stat_activity where backend_type = '${name}'`);
  if (!found) throw new Error(`PostgreSQL has no ${name}`);
  return Number(found['pid']);
}
