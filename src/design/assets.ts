import { hash as digest } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DomainError } from '../kernel/errors.ts';

/** A file that a page loads. */
export interface Asset {
  readonly contentType: string;
  readonly body: string | Buffer;
}

const types = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
} as const;

type FileName = `${string}.${keyof typeof types}`;

/** The files of some pages, in memory: no request touches the file system. Each has its content's hash in its name, so that a cached one is never out of date. */
export class Assets<Name extends FileName> {
  readonly #paths = new Map<string, string>();
  readonly #byFile = new Map<string, Asset>();

  /** @param folder the path that these files are served below, without a slash at its end */
  constructor(folder: string, bodies: Partial<Readonly<Record<Name, Asset['body']>>>) {
    for (const [name, body] of Object.entries<Asset['body'] | undefined>(bodies)) {
      if (body === undefined) continue;
      const [stem = '', extension = ''] = name.split('.');
      const file = `${stem}-${digest('sha256', body, 'base64url').slice(0, 16)}.${extension}`;
      this.#paths.set(name, `${folder}/${file}`);
      this.#byFile.set(file, { contentType: types[extension as keyof typeof types], body });
    }
  }

  /** Where a page finds this file, if there is one. */
  findPath(name: Name): string | undefined {
    return this.#paths.get(name);
  }

  /** Where a page finds this file. */
  path(name: Name): string {
    return this.findPath(name) ?? '';
  }

  /** The asset with this exact file name. It is looked up in memory, so path traversal is impossible. */
  find(file: string): Asset | undefined {
    return this.#byFile.get(file);
  }

  /** The same. @throws DomainError `request.not-found` */
  get(file: string): Asset {
    const asset = this.find(file);
    if (!asset) throw new DomainError('request.not-found');
    return asset;
  }
}

const look = (file: string): string => readFileSync(new URL(`look/${file}`, import.meta.url), 'utf8');

/** The mark of the product. */
export const seal = look('seal.svg');

const shared = ['base', 'page', 'controls'].map((part) => look(`${part}.css`)).join('');

/** The rows and tables of what is read as a document and printed, for {@link stylesheet}. */
export const documentStyle = new URL('look/document.css', import.meta.url);

/** The shared rules, then those of these files. Sent as one file, so that a page waits for one request. */
export function stylesheet(...own: readonly URL[]): string {
  return [shared, ...own.map((file) => readFileSync(file, 'utf8'))].join('');
}
