import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../../config/config.ts';
import { Database } from '../../../database/database.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { exportSubject } from '../../../kernel/subject.ts';
import { Envelope, type DataKey } from '../../../vault/envelope.ts';
import { resultParts, type ResultPart } from './attempt-files.ts';

/** Where the parts of an export are, and under which key. */
export interface ResultFiles {
  /** Undefined if it was destroyed. */
  readonly key: DataKey | undefined;
  readonly pathOf: (attempt: number, part: ResultPart) => string;
}

/** The files of results: EXPORT_DIRECTORY, which all instances share. */
@Injectable()
export class ExportResults {
  readonly #directory: string | undefined;

  constructor(
    @Inject(CONFIG) { exportDirectory }: Pick<AppConfig, 'exportDirectory'>,
    private readonly database: Database,
    private readonly envelope: Envelope,
  ) {
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

  /** The key and the files of an export; without its key nothing can be written or read. */
  async filesOf(exportId: string): Promise<ResultFiles> {
    const key = await this.envelope.findDataKey(this.database, exportSubject(exportId));
    return { key, pathOf: (attempt, part) => this.#pathOf(exportId, attempt, part) };
  }

  /**
   * Removes the files of an export but for the result of one attempt. Those that cannot be removed have no key, and are tried again.
   * @returns whether all are gone
   */
  async remove(exportId: string, attempts: number, kept?: number): Promise<boolean> {
    if (this.#directory === undefined) return false;
    let isDone = true;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      for (const part of resultParts) {
        if (attempt === kept && part === 'result') continue;
        isDone = (await isRemoved(this.#pathOf(exportId, attempt, part))) && isDone;
      }
    }
    return isDone;
  }

  /** The file of an attempt. Each has its own: an instance that was taken for dead writes into no other's. */
  #pathOf(exportId: string, attempt: number, part: ResultPart): string {
    if (this.#directory === undefined) throw new TypeError('EXPORT_DIRECTORY is not set');
    const file = `${exportId}.${attempt}`;
    return join(this.#directory, part === 'result' ? file : `${file}.${part}`);
  }
}

function isRemoved(path: string): Promise<boolean> {
  return rm(path, { force: true }).then(
    () => true,
    () => false,
  );
}
