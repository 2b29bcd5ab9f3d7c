import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../../config/config.ts';
import { DomainError } from '../../../kernel/errors.ts';

/** The files of results: EXPORT_DIRECTORY, which all instances share. */
@Injectable()
export class ExportResults {
  readonly #directory: string | undefined;

  constructor(@Inject(CONFIG) { exportDirectory }: Pick<AppConfig, 'exportDirectory'>) {
    this.#directory = exportDirectory;
  }

  get isConfigured(): boolean {
    return this.#directory !== undefined;
  }

  /** @throws DomainError `export.unavailable` if this installation has no such folder, or it is not there */
  async checkThere(): Promise<void> {
    if (this.#directory === undefined)
      throw new DomainError('export.unavailable', { log: 'EXPORT_DIRECTORY is not set' });
    const isFolder = await stat(this.#directory).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new DomainError('export.unavailable', { log: 'EXPORT_DIRECTORY is not there' });
  }

  /** The file of an attempt. Each has its own: an instance that was taken for dead writes into no other's. */
  pathOf(exportId: string, attempt: number): string {
    if (this.#directory === undefined) throw new TypeError('EXPORT_DIRECTORY is not set');
    return join(this.#directory, `${exportId}.${attempt}`);
  }

  /**
   * Removes the files of an export but for that of one attempt. Those that cannot be removed have no key, and are tried again.
   * @returns whether all are gone
   */
  async remove(exportId: string, attempts: number, kept?: number): Promise<boolean> {
    if (this.#directory === undefined) return false;
    let isDone = true;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt === kept) continue;
      const isGone = await rm(this.pathOf(exportId, attempt), { force: true }).then(
        () => true,
        () => false,
      );
      isDone &&= isGone;
    }
    return isDone;
  }
}
