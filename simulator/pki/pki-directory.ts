import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  makeAuthorities,
  restoreAuthorities,
  rsaKeyPair,
  storeAuthorities,
  type Authorities,
  type StoredAuthorities,
} from './authorities.ts';

const fileName = 'authorities.json';

/**
 * The authorities kept in `directory`, made when there are none. Any number of processes may do this at once: the first to
 * finish wins, by an atomic link, and the others read what it made.
 * @throws Error when the file is there but cannot be read as authorities
 */
export async function loadAuthorities(directory: string | undefined): Promise<Authorities> {
  if (directory === undefined) return makeAuthorities();
  const path = join(directory, fileName);
  const kept = await findStored(path);
  if (kept) return restoreAuthorities(kept);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await publish(path, JSON.stringify(storeAuthorities(await makeAuthorities())));
  const stored = await findStored(path);
  if (!stored) throw new Error(`${path} vanished while it was read`);
  return restoreAuthorities(stored);
}

/**
 * The RSA key kept in `directory` as PKCS #8 in PEM, made when there is none. As with the authorities, the first of several processes
 * makes it for all.
 */
export async function loadKey(directory: string | undefined, name: string): Promise<KeyObject> {
  const make = async (): Promise<string> => {
    const { privateKey } = await rsaKeyPair(2048);
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  };
  return createPrivateKey(await loadText(directory, name, make));
}

/** The text kept in `directory`, made when there is none; the first of several processes makes it for all. */
export async function loadText(
  directory: string | undefined,
  name: string,
  make: () => Promise<string>,
): Promise<string> {
  if (directory === undefined) return make();
  const path = join(directory, name);
  const kept = await findText(path);
  if (kept !== undefined) return kept;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await publish(path, await make());
  return readFile(path, 'utf8');
}

async function findStored(path: string): Promise<StoredAuthorities | undefined> {
  const text = await findText(path);
  if (text === undefined) return undefined;
  const stored = JSON.parse(text) as StoredAuthorities;
  if ((stored.version as number) !== 1) throw new Error(`${path} is of another version; delete it`);
  return stored;
}

async function findText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function publish(path: string, text: string): Promise<void> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, text, { mode: 0o600 });
  try {
    await link(own, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(own);
  }
}

/** Writes files for programs that need paths; readers never see half a file. */
export async function writeFiles(directory: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await Promise.all(
    Object.entries(files).map(async ([name, contents]) => {
      const own = join(directory, `${name}.${randomUUID()}`);
      await writeFile(own, contents, { mode: 0o600 });
      await rename(own, join(directory, name));
    }),
  );
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
