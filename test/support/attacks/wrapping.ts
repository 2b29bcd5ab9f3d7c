import { verdicts } from '../vectors/row.ts';
import { changing, type Attack } from './attack.ts';

const DATA = /<bankIdSignedData[^]*<\/bankIdSignedData>/;
const INFO = /<SignedInfo[^]*<\/SignedInfo>/;
const KEY_INFO = /<KeyInfo[^]*<\/KeyInfo>/;
const VALUE = /<SignatureValue>[^<]*<\/SignatureValue>/;
const part = (pattern: RegExp, xml: string): string => pattern.exec(xml)?.[0] ?? '';
/** Another payment in the form of the signed one. */
const forged = (xml: string): string => part(DATA, xml).replace(/(<usrVisibleData[^>]*>)[^<]*/, '$1QmV0YWxhIG1lcg==');

type Change = (xml: string) => string;

/** The forms that the second bankIdSignedData takes. */
const disguises: readonly (readonly [string, Change])[] = [
  ['the same Id', (data) => data],
  ['another Id', (data) => data.replace('Id="bidSignedData"', 'Id="other"')],
  ['no Id', (data) => data.replace(' Id="bidSignedData"', '')],
  ['an ID in other letters', (data) => data.replace('Id="bidSignedData"', 'ID="bidSignedData"')],
  ['another namespace', (data) => data.replace('www.bankid.com', 'evil.example')],
  ['no namespace', (data) => data.replace(/ xmlns="[^"]*"/, '')],
];

/** Where the forgery goes, and where the original. XSW1–8 are those of Somorovsky and others, USENIX Security 2012. */
const places: readonly (readonly [string, (xml: string, forgery: string) => string])[] = [
  [
    'XSW1: the forgery a new root around the signature',
    (xml, forgery) => xml.replace(/<Signature [^]*/, (s) => forgery.replace(/(<\/bankIdSignedData>)$/, `${s}$1`)),
  ],
  ['XSW2: the forgery a new root before the signature', (xml, forgery) => xml.replace('<Signature ', `${forgery}$&`)],
  ['XSW3: the forgery before the original', (xml, forgery) => xml.replace(DATA, (data) => forgery + data)],
  [
    'XSW4: the forgery around the original',
    (xml, forgery) => xml.replace(DATA, (data) => forgery.replace(/(<\/bankIdSignedData>)$/, `${data}$1`)),
  ],
  [
    'XSW5: the forgery in place, the original after the signature parts',
    (xml, forgery) => xml.replace(DATA, forgery).replace(/<\/Signature>$/, `${part(DATA, xml)}$&`),
  ],
  [
    'XSW6: the forgery in place, the original inside SignatureValue',
    (xml, forgery) => xml.replace(DATA, forgery).replace('</SignatureValue>', `${part(DATA, xml)}$&`),
  ],
  [
    'XSW7: a second Object with the forgery first',
    (xml, forgery) => xml.replace('<Object>', `<Object>${forgery}</Object><Object>`),
  ],
  [
    'XSW7: a second Object with the forgery last',
    (xml, forgery) => xml.replace('</Object>', `</Object><Object>${forgery}</Object>`),
  ],
  [
    'XSW8: the original in an Object inside the forgery',
    (xml, forgery) =>
      xml.replace(DATA, (data) => forgery.replace(/(<\/bankIdSignedData>)$/, `<Object>${data}</Object>$1`)),
  ],
  [
    'the original inside KeyInfo',
    (xml, forgery) => xml.replace(DATA, forgery).replace('</KeyInfo>', `${part(DATA, xml)}$&`),
  ],
  [
    'the original inside SignedInfo',
    (xml, forgery) => xml.replace(DATA, forgery).replace('</SignedInfo>', `${part(DATA, xml)}$&`),
  ],
  ['the forgery inside clientInfo', (xml, forgery) => xml.replace('</clientInfo>', `${forgery}$&`)],
  ['the forgery inside env', (xml, forgery) => xml.replace('</env>', `${forgery}$&`)],
  [
    'the forgery inside a second Signature',
    (xml, forgery) => xml.replace(/<\/Signature>$/, `<Signature>${forgery}</Signature>$&`),
  ],
];

const doubled: readonly (readonly [string, Change])[] = [
  ['a second Id attribute in other letters', (xml) => xml.replace('Id="bidSignedData"', '$& ID="bidSignedData"')],
  ['a lower-case id beside', (xml) => xml.replace('Id="bidSignedData"', '$& id="bidSignedData"')],
  ['an xml:id beside', (xml) => xml.replace('Id="bidSignedData"', '$& xml:id="bidSignedData"')],
  ['the Id of the data on Object too', (xml) => xml.replace('<Object>', '<Object Id="bidSignedData">')],
  ['the Id of the data on an element of env', (xml) => xml.replace('<ai>', '<ai Id="bidSignedData">')],
  ['the Id of KeyInfo on the data', (xml) => xml.replace('Id="bidSignedData"', 'Id="bidKeyInfo"')],
  ['an Id on SignedInfo', (xml) => xml.replace('<SignedInfo ', '<SignedInfo Id="x" ')],
  ['an Id on Signature', (xml) => xml.replace('<Signature ', '<Signature Id="x" ')],
  ['two SignedInfo', (xml) => xml.replace(INFO, '$&$&')],
  [
    'a forged SignedInfo before the original',
    (xml) => xml.replace(INFO, (info) => info.replace('#bidKeyInfo', '#x') + info),
  ],
  ['two SignatureValue', (xml) => xml.replace(VALUE, '$&$&')],
  ['two KeyInfo', (xml) => xml.replace(KEY_INFO, '$&$&')],
  ['two Signatures', (xml) => xml.replace(/<Signature [^]*/, '$&$&')],
  [
    'a Signature inside a Signature',
    (xml) =>
      xml.replace(/<Signature [^]*/, (s) => `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">${s}</Signature>`),
  ],
  ['a Manifest', (xml) => xml.replace('</Object>', '</Object><Object><Manifest></Manifest></Object>')],
  ['SignatureProperties', (xml) => xml.replace('</bankIdSignedData>', '$&<SignatureProperties></SignatureProperties>')],
  [
    'parts in another order',
    (xml) =>
      xml
        .replace(KEY_INFO, '')
        .replace('<Object>', '<Object>')
        .replace(/<\/Signature>$/, `${part(KEY_INFO, xml)}$&`),
  ],
];

const SIGNED_PARENTS = [
  'bankIdSignedData',
  'srvInfo',
  'clientInfo',
  'X509Data',
  'KeyInfo',
  'SignedInfo',
  'Reference',
  'Transforms',
];
const UNSIGNED_PARENTS = ['Object', 'Signature'];

/** What was not asked for, in every element that has elements; the payer signed it where that is possible. */
const additions: readonly (readonly [string, Change])[] = [...SIGNED_PARENTS, ...UNSIGNED_PARENTS].flatMap(
  (name): readonly (readonly [string, Change])[] => [
    [`an element first in ${name}`, (xml) => xml.replace(new RegExp(`<${name}(?: [^>]*)?>`), '$&<extra></extra>')],
    [
      `an element last in ${name}`,
      (xml) => xml.replace(new RegExp(`</${name}>(?![^]*</${name}>)`), '<extra></extra>$&'),
    ],
    [`text in ${name}`, (xml) => xml.replace(new RegExp(`<${name}(?: [^>]*)?>`), '$&x')],
    [`white space in ${name}`, (xml) => xml.replace(new RegExp(`<${name}(?: [^>]*)?>`), '$&\n')],
    [`an attribute on ${name}`, (xml) => xml.replace(new RegExp(`<${name}(?=[ >])`), '$& extra="x"')],
  ],
);

/** The parts before they are signed: such a document its signer signed himself. */
const signedBySigner = (title: string, change: Change): Attack => ({
  title: `${title}, signed so`,
  recipe: { signedInfo: changing(change) },
  verdict: verdicts.FORMAT,
  check: 'structure',
});

const REFERENCES = /<Reference [^]*<\/Reference>/;
const references: readonly Attack[] = [
  signedBySigner('no reference', (xml) => xml.replace(REFERENCES, '')),
  signedBySigner('the reference to the data alone', (xml) =>
    xml.replace(/<Reference URI="#bidKeyInfo">.*<\/Reference>/, ''),
  ),
  signedBySigner('the reference to KeyInfo alone', (xml) => xml.replace(/<Reference Type.*?<\/Reference>/, '')),
  signedBySigner('three references', (xml) => xml.replace(/<Reference URI="#bidKeyInfo">.*<\/Reference>/, '$&$&')),
  signedBySigner('10 references', (xml) =>
    xml.replace('</SignedInfo>', `${'<Reference URI="#x"></Reference>'.repeat(8)}$&`),
  ),
  signedBySigner('10 000 references', (xml) =>
    xml.replace('</SignedInfo>', `${'<Reference></Reference>'.repeat(9_998)}$&`),
  ),
  signedBySigner('both references to the data', (xml) => xml.replace('"#bidKeyInfo"', '"#bidSignedData"')),
  signedBySigner('both references to KeyInfo', (xml) => xml.replace('"#bidSignedData"', '"#bidKeyInfo"')),
  signedBySigner('the references in another order', (xml) =>
    xml.replace(/(<Reference Type.*<\/Reference>)(<Reference URI.*<\/Reference>)/, '$2$1'),
  ),
  signedBySigner('another Type', (xml) => xml.replace('/v1.0.0/types" URI', '/v9/types" URI')),
  signedBySigner('no Type', (xml) => xml.replace(/ Type="[^"]*"/, '')),
  signedBySigner('a Type of Manifest', (xml) =>
    xml.replace(/ Type="[^"]*"/, ' Type="http://www.w3.org/2000/09/xmldsig#Manifest"'),
  ),
  ...[
    '',
    '#',
    '#other',
    'bidSignedData',
    '#bidsigneddata',
    ' #bidSignedData',
    '#xpointer(/)',
    "#xpointer(id('bidSignedData'))",
    'http://evil.example/#bidSignedData',
    'file:///etc/passwd',
    '#bid%53ignedData',
    '#bidSignedData#',
  ].map((uri) => signedBySigner(`URI "${uri}"`, (xml) => xml.replace('#bidSignedData', uri))),
  signedBySigner('no URI', (xml) => xml.replace(' URI="#bidSignedData"', '')),
  signedBySigner('a URI twice', (xml) => xml.replace(' URI="#bidSignedData"', '$&$&')),
];

const structural = (title: string, change: Change): Attack => ({
  title,
  recipe: { document: changing(change) },
  verdict: verdicts.FORMAT,
  check: 'structure',
});

/** A: what was signed and what is read must be the same. */
export const wrapping: readonly Attack[] = [
  ...places.flatMap(([place, put]) =>
    disguises.map(([disguise, dress]) => structural(`${place}, ${disguise}`, (xml) => put(xml, dress(forged(xml))))),
  ),
  ...doubled.map(([title, change]) => structural(title, change)),
  ...additions.map(([title, change]) => structural(title, change)),
  ...references,
  {
    title: 'the data exchanged for a forgery',
    recipe: { document: changing((xml) => xml.replace(DATA, forged(xml))) },
    verdict: verdicts.HASH,
    check: 'digests',
  },
  {
    title: 'an element of env taken away',
    recipe: { document: changing((xml) => xml.replace('<fsib>0</fsib>', '')) },
    verdict: verdicts.HASH,
    check: 'digests',
  },
  {
    title: 'a certificate taken away',
    recipe: {
      document: changing((xml) => xml.replace(/<X509Certificate>[^<]*<\/X509Certificate><\/X509Data>/, '</X509Data>')),
    },
    verdict: verdicts.HASH,
    check: 'digests',
  },
];
