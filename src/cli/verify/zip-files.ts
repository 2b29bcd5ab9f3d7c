import { openPromise, type ZipFile } from 'yauzl';
import { ArchiveRefused, listArchive } from '../../verifying/zip-archive.ts';
import { NoInputError } from './exit-codes.ts';
import { sizeLimit, type FileSet } from './file-set.ts';
import { codeOf } from './read-file.ts';

/** An export of any size is read, a folder at a time. */
const limits = { members: 200_000, memberBytes: sizeLimit, totalBytes: Number.MAX_SAFE_INTEGER };

/**
 * The files of a ZIP. Nothing is unpacked to disk.
 * @throws NoInputError, ArchiveRefused
 */
export async function openZip(path: string): Promise<FileSet> {
  const zip = await open(path);
  try {
    const archive = await listArchive(zip, limits);
    const close = (): Promise<void> => {
      zip.close();
      return Promise.resolve();
    };
    return { ...archive, close };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function open(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch (error) {
    if (codeOf(error) === 'unreadable') throw new ArchiveRefused('not a ZIP');
    throw new NoInputError(`cannot read ${path}: ${codeOf(error)}`);
  }
}
