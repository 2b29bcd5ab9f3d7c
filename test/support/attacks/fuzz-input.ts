import type { Recipe } from '../vectors/vector.ts';

/** What is changed, before its signer signs it (`signed…`) or after. Places are fractions of the length, in 65,536ths. */
export interface FuzzInput {
  readonly target: (typeof targets)[number];
  readonly changes: readonly Change[];
}
export type Change =
  | readonly ['flip', at: number, bit: number]
  | readonly ['set', at: number, octet: number]
  | readonly ['delete', at: number, length: number]
  | readonly ['copy', at: number, to: number, length: number]
  | readonly ['insert', at: number, snippet: number]
  | readonly ['tag', at: number, snippet: number];

export const targets = [
  'document',
  'signedData',
  'keyInfo',
  'signedInfo',
  'nonVisibleData',
  'visibleText',
  'leaf',
  'customerCa',
  'responder',
  'ocsp',
  'signedOcsp',
] as const;

export const snippets: readonly string[] = [
  '<!-- -->',
  '<?p x?>',
  '<![CDATA[',
  ']]>',
  '&#65;',
  '&amp;',
  '\n',
  '\t',
  '\r',
  '\0',
  ' ',
  '<x></x>',
  '<x/>',
  ' Id="bidSignedData"',
  ' xmlns="urn:x"',
  ' xmlns:p="urn:p"',
  '<X509Certificate></X509Certificate>',
  '<Reference URI=""></Reference>',
  '==',
  '\u0005\u0000',
  '\u0030\u0080',
  '\u0002\u0001\u0000',
  '\u0001\u0001\u00ff',
  '{"a":1,"a":2}',
  '[[[[[[[[',
  '\\u0000',
  '1e400',
];

const placeOf = (bytes: Buffer, at: number): number => Math.floor((at / 65_536) * bytes.length);

export function applyChange(bytes: Buffer, [kind, place, a, b = 1]: Change): Buffer {
  const at = placeOf(bytes, place);
  const insert = (where: number, more: Buffer): Buffer =>
    Buffer.concat([bytes.subarray(0, where), more, bytes.subarray(where)]);
  switch (kind) {
    case 'flip':
    case 'set': {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = kind === 'set' ? a : (copy[at] ?? 0) ^ (1 << (a % 8));
      return copy;
    }
    case 'delete':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + a)]);
    case 'copy':
      return insert(placeOf(bytes, a), bytes.subarray(at, at + b));
    case 'insert':
      return insert(at, Buffer.from(snippets[a % snippets.length] ?? '', 'latin1'));
    case 'tag': {
      const bracket = bytes.indexOf(0x3e, at);
      return insert(bracket === -1 ? at : bracket + 1, Buffer.from(snippets[a % snippets.length] ?? '', 'latin1'));
    }
  }
}

/** The vector that the input makes. */
export function recipeOf({ target, changes }: FuzzInput): Recipe {
  const mangle = (bytes: Buffer): Buffer => changes.reduce(applyChange, bytes);
  const mangleText = (text: string): string => mangle(Buffer.from(text)).toString('utf8');
  switch (target) {
    case 'document':
      return { encode: (xml) => mangle(Buffer.from(xml)) };
    case 'signedData':
    case 'keyInfo':
    case 'signedInfo':
      return { [target]: mangleText };
    case 'leaf':
    case 'customerCa':
    case 'responder':
      return { pki: { [target]: { mangle } } };
    case 'ocsp':
      return { mangleOcsp: mangle };
    case 'signedOcsp':
      return { ocsp: { mangleTbs: mangle } };
    case 'nonVisibleData':
    case 'visibleText':
      return {};
  }
}
