import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DomainError } from '../../kernel/errors.ts';
import { markImmutable } from '../../http/security-headers.ts';
import { currentRequest } from '../../operations/current-request.ts';

/** Of all downloads of this instance: a reader that does not read keeps a file open, and gives up no place of a payment. */
const AT_ONCE = 32;

const names = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };

/** Where the page finds a file of the library. The version is in the path, so that a cached file is never out of date. */
export function libraryPath(name: (typeof names)[number]): string {
  return `/docs/swagger-ui/${version}/${name}`;
}

/** Swagger UI's own files, as npm installed them: sent from the disk, because 1.8 MB in memory would serve few readers. */
@Injectable()
export class LibraryFiles {
  #sending = 0;

  /** @throws Error at the start if the installation lacks a file */
  constructor() {
    for (const name of names) statSync(join(folder, name));
  }

  /** @throws DomainError `request.not-found`; `service.unavailable` if too many are being sent */
  async send(wanted: { readonly version: string; readonly file: string }, response: Response): Promise<void> {
    const name = names.find((one) => one === wanted.file);
    if (name === undefined || wanted.version !== version) throw new DomainError('request.not-found');
    if (this.#sending >= AT_ONCE)
      throw new DomainError('service.unavailable', { detail: 'Too many downloads.', log: 'shed' });
    this.#sending += 1;
    // It now waits for its reader, and others may have its place.
    currentRequest()?.place?.leave();
    try {
      await sendFile(markImmutable(response), name);
    } finally {
      this.#sending -= 1;
    }
  }
}

/** Resolves when the answer is sent, or its reader has hung up. */
function sendFile(response: Response, name: string): Promise<void> {
  // With a root, a dot in the path of the installation hides nothing.
  const options = { root: folder, cacheControl: false, lastModified: false, etag: false };
  return new Promise((resolve, reject) => {
    response.sendFile(name, options, (error?: Error) => {
      if (!error || response.headersSent || response.destroyed) resolve();
      else reject(error);
    });
  });
}
