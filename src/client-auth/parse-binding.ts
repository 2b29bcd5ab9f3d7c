import { optionalText, text, type Row } from '../database/rows.ts';
import type { TokenBinding } from './token-binding.ts';

/** From the columns `jkt` and `x5t` of `access_token`, of which exactly one is set. */
export function parseBinding(row: Row): TokenBinding {
  const x5t = optionalText(row, 'x5t');
  return x5t === undefined ? { kind: 'dpop', jkt: text(row, 'jkt') } : { kind: 'certificate', x5t };
}
