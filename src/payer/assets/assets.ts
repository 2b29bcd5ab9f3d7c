import { hash as digest } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DomainError } from '../../kernel/errors.ts';

export type AssetName = 'payer.css' | 'payer.js' | 'seal.svg';

export interface Asset {
  readonly contentType: string;
  readonly body: string;
}

// Read once at start-up, so that no request touches the file system.
const seal = named('seal.svg', read('seal.svg'), 'image/svg+xml; charset=utf-8');
const script = named('payer.js', read('payer.js'), 'text/javascript; charset=utf-8');
// Sent as one file, so that the page waits for one request. It refers to the seal, so it must have the name with the hash.
const style = named(
  'payer.css',
  ['base', 'page', 'payment', 'controls', 'signing']
    .map((part) => read(`style/${part}.css`))
    .join('')
    .replace('url("seal.svg")', `url("${seal.file}")`),
  'text/css; charset=utf-8',
);

const byName: Readonly<Record<AssetName, NamedAsset>> = { 'payer.css': style, 'payer.js': script, 'seal.svg': seal };
const byFile: ReadonlyMap<string, Asset> = new Map([seal, script, style].map((asset) => [asset.file, asset]));

/** The path of an asset. Its name contains the content's hash, so a cached asset is never out of date. */
export function assetPath(name: AssetName): string {
  return `/pay/assets/${byName[name].file}`;
}

/**
 * The asset with this exact file name. It is looked up in memory, so path traversal is impossible.
 * @throws DomainError `request.not-found`
 */
export function getAsset(file: string): Asset {
  const asset = byFile.get(file);
  if (!asset) throw new DomainError('request.not-found');
  return asset;
}

interface NamedAsset extends Asset {
  readonly file: string;
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function named(name: AssetName, body: string, contentType: string): NamedAsset {
  const hash = digest('sha256', body, 'base64url').slice(0, 16);
  const [stem, extension] = name.split('.');
  return { file: `${stem}-${hash}.${extension}`, body, contentType };
}
