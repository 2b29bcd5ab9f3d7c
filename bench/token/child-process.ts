/** What this process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssMb: Math.round(process.memoryUsage.rss() / 1e6) };
}

/** Ends when the benchmark does, which holds the other end of our standard input. */
export function endWithParent(): void {
  process.stdin.resume().on('end', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}
