import { hash as digest } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DomainError } from '../../kernel/errors.ts';

export type AssetName = 'payer.css' | 'payer.js' | 'seal.svg';

export interface Asset {
  readonly contentType: string;
  readonly body: string;
}

// The files beside this one, read once at the start. No request touches the file system.
const seal = named('seal.svg', read('seal.svg'), 'image/svg+xml; charset=utf-8');
const script = named('payer.js', read('payer.js'), 'text/javascript; charset=utf-8');
// Sent as one file, so that the page waits for one request. It names the seal beside it, so it must name the one with the hash.
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

/** Where the pages find an asset. The name holds the content's hash: what is cached for a year is never out of date. */
export function assetPath(name: AssetName): string {
  return `/pay/assets/${byName[name].file}`;
}

/**
 * The asset of this exact file name; there is no file system behind it, so there is no path to climb.
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
