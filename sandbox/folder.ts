import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the sandbox of this checkout keeps keys and database between two starts. Outside the checkout, because PostgreSQL,
 * which runs as another user when we are root, must be able to reach its data.
 */
export function sandboxFolder(): string {
  const checkout = fileURLToPath(new URL('../..', import.meta.url));
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `sigill-sandbox-${process.getuid?.() ?? 0}-${name}`);
  // Others may pass through, but not look around; what is inside is closed one by one.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}
