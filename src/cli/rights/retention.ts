import type { EndedRetention } from '../../rights/holds.ts';
import { inHolds, type Printing } from './in-holds.ts';

/** What `sigill retention due` and `held` do. */
export async function printEnded(which: 'due' | 'held', { json }: Printing): Promise<void> {
  await inHolds(async (holds) => {
    const found = (await holds.listEnded()).filter((ended) => (which === 'held') === ended.holds.length > 0);
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : found.map(describe).join(''));
  });
}

/** `consent:BANK:ID  ended 2026-11-01T00:00:00.000Z  held by HOLD HOLD`. */
function describe({ subject, endedAt, holds }: EndedRetention): string {
  const held = holds.length === 0 ? '' : `  held by ${holds.join(' ')}`;
  return `${subject}  ended ${endedAt.toISOString()}${held}\n`;
}
