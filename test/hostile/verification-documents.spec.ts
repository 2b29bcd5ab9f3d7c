import { refusalsOf, reportOf, verdictOf } from '../vectors/support/verify.ts';
import { makeVector, type Recipe } from '../vectors/support/vector.ts';

const DATA = /<bankIdSignedData[^]*<\/bankIdSignedData>/;
const dataOf = (xml: string): string => DATA.exec(xml)?.[0] ?? '';
/** Another payment in the form of the signed one. */
const forged = (xml: string): string => dataOf(xml).replace(/(<usrVisibleData[^>]*>)[^<]*/, '$1QmV0YWxhIG1lcg==');

/** Signature wrapping after Somorovsky and others, in terms of BankID's document; each keeps the genuine signature. */
const wrapping: readonly (readonly [string, (xml: string) => string])[] = [
  ['a forgery before the original, same Id', (xml) => xml.replace(DATA, (data) => forged(xml) + data)],
  ['a forgery after the original, same Id', (xml) => xml.replace(DATA, (data) => data + forged(xml))],
  [
    'a forgery with another Id',
    (xml) => xml.replace(DATA, (data) => forged(xml).replace('Id="bidSignedData"', 'Id="other"') + data),
  ],
  ['a forgery without Id', (xml) => xml.replace(DATA, (data) => forged(xml).replace(' Id="bidSignedData"', '') + data)],
  [
    'a forgery in another namespace',
    (xml) => xml.replace(DATA, (data) => forged(xml).replace('bankid.com', 'evil.example') + data),
  ],
  [
    'the original wrapped by a forgery',
    (xml) => xml.replace(DATA, (data) => forged(xml).replace('</bankIdSignedData>', `${data}</bankIdSignedData>`)),
  ],
  ['the forgery wrapped by the original', (xml) => xml.replace('</clientInfo>', `</clientInfo>${forged(xml)}`)],
  ['a second Object first', (xml) => xml.replace('<Object>', `<Object>${forged(xml)}</Object><Object>`)],
  ['a second Object last', (xml) => xml.replace('</Object>', `</Object><Object>${forged(xml)}</Object>`)],
  [
    'the original moved into KeyInfo',
    (xml) => xml.replace(DATA, forged(xml)).replace('</KeyInfo>', `${dataOf(xml)}</KeyInfo>`),
  ],
  [
    'the original moved into a Signature around',
    (xml) =>
      xml.replace(DATA, forged(xml)).replace('</Signature>', `<Signature>${dataOf(xml)}</Signature></Signature>`),
  ],
  ['a second Id attribute', (xml) => xml.replace('Id="bidSignedData"', 'Id="bidSignedData" ID="bidSignedData"')],
  ['a second SignedInfo', (xml) => xml.replace(/<SignedInfo[^]*<\/SignedInfo>/, '$&$&')],
  ['a second SignatureValue', (xml) => xml.replace(/<SignatureValue>[^<]*<\/SignatureValue>/, '$&$&')],
  ['a manifest', (xml) => xml.replace('</Object>', '</Object><Object><Manifest></Manifest></Object>')],
];

const signedInfo: readonly (readonly [string, (xml: string) => string])[] = [
  ['no references', (xml) => xml.replace(/<Reference [^]*<\/Reference>/, '')],
  [
    '10 000 references',
    (xml) => xml.replace('</SignedInfo>', `${'<Reference></Reference>'.repeat(10_000)}</SignedInfo>`),
  ],
  ['both references to one Id', (xml) => xml.replace('URI="#bidKeyInfo"', 'URI="#bidSignedData"')],
  [
    'references in another order',
    (xml) => xml.replace(/(<Reference Type.*<\/Reference>)(<Reference URI.*<\/Reference>)/, '$2$1'),
  ],
  ['URI ""', (xml) => xml.replace('URI="#bidSignedData"', 'URI=""')],
  ['no URI', (xml) => xml.replace(' URI="#bidSignedData"', '')],
  ['an XPointer', (xml) => xml.replace('#bidSignedData', '#xpointer(/)')],
  ['a URI elsewhere', (xml) => xml.replace('#bidSignedData', 'http://evil.example/')],
  ['a file URI', (xml) => xml.replace('#bidSignedData', 'file:///etc/passwd')],
  ['a percent-encoded URI', (xml) => xml.replace('#bidSignedData', '#bid%53ignedData')],
  ['no transform', (xml) => xml.replace(/<Transform [^>]*><\/Transform>/, '')],
  ['two transforms', (xml) => xml.replace(/<Transform [^>]*><\/Transform>/, '$&$&')],
  [
    'an XSLT transform',
    (xml) => xml.replace(/(<Transform Algorithm=")[^"]*/, '$1http://www.w3.org/TR/1999/REC-xslt-19991116'),
  ],
  [
    'C14N 1.1',
    (xml) => xml.replace(/(<CanonicalizationMethod Algorithm=")[^"]*/, '$1http://www.w3.org/2006/12/xml-c14n11'),
  ],
  [
    'HMAC',
    (xml) => xml.replace(/(<SignatureMethod Algorithm=")[^"]*/, '$1http://www.w3.org/2000/09/xmldsig#hmac-sha1'),
  ],
  ['DSA', (xml) => xml.replace(/(<SignatureMethod Algorithm=")[^"]*/, '$1http://www.w3.org/2000/09/xmldsig#dsa-sha1')],
  ['MD5', (xml) => xml.replace(/(<DigestMethod Algorithm=")[^"]*/, '$1http://www.w3.org/2001/04/xmldsig-more#md5')],
  [
    'PSS',
    (xml) =>
      xml.replace(/(<SignatureMethod Algorithm=")[^"]*/, '$1http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'),
  ],
  ['an empty algorithm', (xml) => xml.replace(/(<SignatureMethod Algorithm=")[^"]*/, '$1')],
  [
    'a truncated HMAC',
    (xml) => xml.replace('></SignatureMethod>', '><HMACOutputLength>8</HMACOutputLength></SignatureMethod>'),
  ],
];

const changed =
  (change: (xml: string) => string) =>
  (xml: string): string => {
    const result = change(xml);
    if (result === xml) throw new Error('the attack changed nothing');
    return result;
  };

describe('a hostile document', () => {
  it.each(wrapping)('is refused by its structure: %s', (_title, attack) => {
    const report = reportOf({ document: changed(attack) });
    expect(verdictOf(report)).toBe('TOTAL-FAILED/FORMAT_FAILURE');
    expect(refusalsOf(report)[0]).toBe('structure');
    expect(report.visibleText).toBeNull();
  });

  it('is refused by its digest: the signed data exchanged', () => {
    expect(verdictOf(reportOf({ document: changed((xml) => xml.replace(DATA, forged(xml))) }))).toBe(
      'TOTAL-FAILED/HASH_FAILURE',
    );
  });

  it.each(signedInfo)('is refused by its structure although its signer signed it: %s', (_title, attack) => {
    const report = reportOf({ signedInfo: changed(attack) });
    expect(verdictOf(report)).toBe('TOTAL-FAILED/FORMAT_FAILURE');
  });

  const keyInfo: readonly (readonly [string, Recipe])[] = [
    ['a KeyValue', { keyInfo: (xml) => xml.replace('<X509Data>', '<KeyValue></KeyValue><X509Data>') }],
    [
      'a RetrievalMethod',
      { keyInfo: (xml) => xml.replace('</X509Data>', '</X509Data><RetrievalMethod URI="#x"></RetrievalMethod>') },
    ],
    ['nine certificates', { chain: ({ leaf }) => Array.from({ length: 9 }, () => leaf) }],
  ];
  it.each(keyInfo)('is refused by its structure: %s in KeyInfo', (_title, recipe) => {
    expect(verdictOf(reportOf(recipe))).toBe('TOTAL-FAILED/FORMAT_FAILURE');
  });

  it('shows the words that were signed: half of the text in a processing instruction is no text', () => {
    const report = reportOf({ signedData: (xml) => xml.replace(/(<usrVisibleData[^>]*>)(.{40})/, '$1<?p $2?>') });
    expect(verdictOf(report)).toBe('TOTAL-FAILED/FORMAT_FAILURE');
  });
});

describe('an oversized document', () => {
  const verdictOn = (xml: string | Buffer): string => {
    const { completion } = makeVector();
    return verdictOf(
      reportOf({}, { completion: { ...completion, signature: Buffer.from(xml as string).toString('base64') } }),
    );
  };
  const declared = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>';

  it.each([
    ['50 MB', () => Buffer.alloc(50_000_000, 0x61)],
    ['depth 100 000', () => `${declared}${'<a>'.repeat(50_000)}`],
    [
      '100 000 attributes',
      () => `${declared}<a ${Array.from({ length: 30_000 }, (_, i) => `a${i}=""`).join(' ')}></a>`,
    ],
    ['an attribute of 1 MB', () => `${declared}<a b="${'x'.repeat(1_000_000)}"></a>`],
    ['an attribute within the size limit', () => `${declared}<a b="${'x'.repeat(390_000)}"></a>`],
    ['an attribute never closed', () => `${declared}<a b="${'x '.repeat(190_000)}`],
    ['white space without end', () => `${declared}<a${' '.repeat(390_000)}`],
    [
      'a billion laughs',
      () => `${declared}<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>`,
    ],
  ])(
    'is refused quickly: %s',
    (_title, make) => {
      expect(verdictOn(make())).toBe('TOTAL-FAILED/FORMAT_FAILURE');
    },
    2_000,
  );
});
