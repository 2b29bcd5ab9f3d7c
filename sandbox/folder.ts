import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the sandbox of this checkout that begins at `port` keeps keys and database between two starts. Outside the checkout, because
 * PostgreSQL, which runs as another user when we are root, must be able to reach its data.
 */
export function sandboxFolder(port = 3000): string {
  return open(String(port));
}

/** Where one that keeps nothing has the same until it ends. */
export function temporaryFolder(port: number): string {
  return open(`temporary-${port}`);
}

/** The simulator's authorities, the same for all sandboxes of this checkout and for its demo: what one signs, the other's page verifies. */
export function pkiFolder(): string {
  return open('pki');
}

/** Where the folders of all sandboxes of this checkout are. */
export function sandboxesFolder(): string {
  return open('.');
}

function open(name: string): string {
  const checkout = createHash('sha256').update(checkoutFolder()).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `sigill-sandbox-${process.getuid?.() ?? 0}-${checkout}`, name);
  // Others may traverse it but not list it; the folders inside have their own permissions.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}

/** This file runs from the checkout itself, before anything is built, and from the build inside it. */
function checkoutFolder(): string {
  const above = fileURLToPath(new URL('..', import.meta.url));
  return existsSync(join(above, 'package.json')) ? above : fileURLToPath(new URL('../..', import.meta.url));
}
