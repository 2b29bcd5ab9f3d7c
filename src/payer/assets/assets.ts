import { readFileSync } from 'node:fs';
import { Assets, seal, stylesheet } from '../../design/assets.ts';

const own = (file: string): URL => new URL(file, import.meta.url);

/** What the payer's pages load. */
export const assets = new Assets('/pay/assets', {
  'payer.css': stylesheet(...['payment', 'choice', 'signing'].map((part) => own(`style/${part}.css`))),
  'payer.js': readFileSync(own('payer.js'), 'utf8'),
  'seal.svg': seal,
});
