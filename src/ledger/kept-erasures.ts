import { isJsonObject } from '../kernel/json.ts';
import { DirectoryFault } from './outside/directory-fault.ts';
import { DurableFiles } from './outside/durable-files.ts';

const FOLDER = 'erasures';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ANNOUNCED = new RegExp(`^(${UUID})$`);
const DONE = new RegExp(`^(${UUID})\\.done$`);
const HASH_SIZE = 32;

/** What is kept of the erasures that two persons asked for. */
export interface KeptList {
  /** All requests that were begun. */
  readonly begun: ReadonlySet<string>;
  /** Those of them whose outcome is kept. */
  readonly done: ReadonlySet<string>;
}

/**
 * What was erased, in LEDGER_DIRECTORY: the database that a backup brings back does not know it. A file a request, written before
 * anything is erased, and another one when it is done; none is ever changed. A consent stands there as the SHA-256 of its subject,
 * which has 122 random bits: who knows the consent can recognise it, and no other reader learns anything.
 */
export class KeptErasures {
  readonly #files: DurableFiles;

  /** @param root LEDGER_DIRECTORY; @param patienceMs see {@link DurableFiles} */
  constructor(root: string, patienceMs?: number) {
    this.#files = new DurableFiles(root, patienceMs);
  }

  /** Before the first of them is erased. @param digests SHA-256 of the subjects, in the order of the request @throws DirectoryFault */
  announce(request: string, digests: readonly Uint8Array[]): Promise<void> {
    return this.#files.create([{ path: `${FOLDER}/${request}`, bytes: contentOf(request, digests) }]);
  }

  /** When the request is done. @param digests of those that were erased @throws DirectoryFault */
  confirm(request: string, digests: readonly Uint8Array[]): Promise<void> {
    return this.#files.create([{ path: `${FOLDER}/${request}.done`, bytes: contentOf(request, digests) }]);
  }

  /** @throws DirectoryFault */
  async list(): Promise<KeptList> {
    const [begun, done] = [new Set<string>(), new Set<string>()];
    // Another process may have erased just now, so the folder is looked for first.
    await this.#files.checkRoot();
    for await (const name of this.#files.names(FOLDER)) {
      const [, ofBegun] = ANNOUNCED.exec(name) ?? [];
      const [, ofDone] = DONE.exec(name) ?? [];
      if (ofBegun !== undefined) begun.add(ofBegun);
      if (ofDone !== undefined) done.add(ofDone);
    }
    return { begun, done };
  }

  /** What a request erased or, where it did not come to its end, was to erase. @throws DirectoryFault `missing`, `differs` */
  async read(request: string): Promise<readonly Buffer[]> {
    const bytes =
      (await this.#files.find(`${FOLDER}/${request}.done`)) ?? (await this.#files.find(`${FOLDER}/${request}`));
    if (!bytes) throw new DirectoryFault('missing', `${FOLDER}/${request}`);
    return digestsIn(bytes, request);
  }
}

/** Whether LEDGER_DIRECTORY cannot be read or written as it must be. */
export function isDirectoryFault(error: unknown): boolean {
  return error instanceof DirectoryFault;
}

function contentOf(request: string, digests: readonly Uint8Array[]): Buffer {
  const erased = digests.map((digest) => Buffer.from(digest).toString('base64url'));
  return Buffer.from(`${JSON.stringify({ v: 1, type: 'sigill-erasure', request, erased })}\n`);
}

/** A file that is not as it was written is no list: nothing is erased by it. */
function digestsIn(bytes: Buffer, request: string): readonly Buffer[] {
  const stated = parsed(bytes);
  const erased = isJsonObject(stated) ? stated['erased'] : undefined;
  const digests = Array.isArray(erased) ? erased.map((one) => Buffer.from(String(one), 'base64url')) : [];
  if (digests.some(({ length }) => length !== HASH_SIZE) || !contentOf(request, digests).equals(bytes))
    throw new DirectoryFault('differs', `${FOLDER}/${request}`);
  return digests;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
