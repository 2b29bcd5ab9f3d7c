import { bits, derNull, extension, extensions, integer, octets, sequence, tlv, oid } from '../vectors/der-writer.ts';
import { refusedPaths } from '../vectors/refused-paths.ts';
import { verdicts } from '../vectors/row.ts';
import { issue, leafName, soundPki, type CertificateRecipe } from '../vectors/test-pki.ts';
import type { Recipe } from '../vectors/vector.ts';
import { changing, fromRow, type Attack } from './attack.ts';

const { FORMAT, BROKEN, FOREIGN, NO_CHAIN, NO_SIGNER } = verdicts;
const policy = extensions.policy('1.2.3.4.5');
const { leaf, root, customerCa } = soundPki;
const attack = (title: string, recipe: Recipe, verdict: string, check = 'path', also: string[] = []): Attack => ({
  title,
  recipe,
  verdict,
  check,
  also,
});
const ofLeaf = (
  title: string,
  leafChanges: Partial<CertificateRecipe>,
  verdict: string,
  check = 'path',
  also: string[] = [],
): Attack => attack(title, { pki: { leaf: leafChanges } }, verdict, check, also);

const serverAuth = extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1')));
const clientAuth = extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2')));
const fakeRoot: CertificateRecipe = { ...root, key: 'stranger', signedWith: 'stranger' };

const inKeyInfo = (title: string, change: (xml: string) => string): Attack =>
  attack(`${title} in KeyInfo`, { keyInfo: changing(change) }, FORMAT, 'structure');

const keyInfos: readonly Attack[] = [
  inKeyInfo('a KeyValue', (xml) => xml.replace('<X509Data>', '<KeyValue></KeyValue><X509Data>')),
  inKeyInfo('a RetrievalMethod', (xml) => xml.replace('</X509Data>', '$&<RetrievalMethod URI="#x"></RetrievalMethod>')),
  inKeyInfo('a KeyName', (xml) => xml.replace('</X509Data>', '$&<KeyName>x</KeyName>')),
  inKeyInfo('two X509Data', (xml) => xml.replace('<X509Data>', '<X509Data></X509Data>$&')),
  inKeyInfo('an X509Data for each certificate', (xml) =>
    xml.replace('</X509Certificate><X509Cert', '</X509Certificate></X509Data><X509Data><X509Cert'),
  ),
  inKeyInfo('an X509IssuerSerial', (xml) => xml.replace('<X509Data>', '$&<X509IssuerSerial></X509IssuerSerial>')),
  inKeyInfo('an X509CRL', (xml) => xml.replace('</X509Data>', '<X509CRL></X509CRL>$&')),
  inKeyInfo('no X509Data', (xml) => xml.replace(/<X509Data>.*<\/X509Data>/, '')),
  inKeyInfo('another Id', (xml) => xml.replace('Id="bidKeyInfo"', 'Id="other"')),
  inKeyInfo('no Id', (xml) => xml.replace(' Id="bidKeyInfo"', '')),
  attack('nine certificates', { chain: (c) => Array.from({ length: 9 }, () => c.leaf) }, FORMAT, 'structure'),
];

const chains: readonly Attack[] = [
  attack('no certificate', { chain: () => [] }, NO_SIGNER, 'signature-value'),
  attack('CA certificates only', { chain: (c) => [c.customerCa, c.bankCa] }, NO_SIGNER, 'signature-value'),
  attack('the leaf last', { chain: (c) => [c.customerCa, c.bankCa, c.leaf] }, NO_SIGNER, 'signature-value'),
  attack('the leaf alone', { chain: (c) => [c.leaf] }, NO_CHAIN),
  attack('the leaf twice', { chain: (c) => [c.leaf, c.leaf, c.customerCa, c.bankCa] }, FOREIGN),
  attack('a stranger among them', { chain: (c) => [c.leaf, c.customerCa, c.bankCa, issue(fakeRoot)] }, FOREIGN),
  attack(
    'a second leaf',
    { chain: (c) => [c.leaf, c.customerCa, c.bankCa, issue({ ...leaf, serial: Buffer.from([9]) })] },
    FOREIGN,
  ),
  attack(
    'a fake root of the same name inside the message',
    { pki: { bankCa: { signedWith: 'stranger' } }, chain: (c) => [c.leaf, c.customerCa, c.bankCa, issue(fakeRoot)] },
    NO_CHAIN,
  ),
  attack(
    'a path of one CA',
    { pki: { customerCa: { issuer: root.subject, signedWith: 'root' } }, chain: (c) => [c.leaf, c.customerCa] },
    FOREIGN,
  ),
  attack(
    'a leaf of the root itself',
    { pki: { leaf: { issuer: root.subject, signedWith: 'root' } }, chain: (c) => [c.leaf] },
    FOREIGN,
  ),
  attack(
    'a path of three CAs',
    {
      pki: { leaf: { issuer: [['2.5.4.3', 'Sub CA']], signedWith: 'stranger' } },
      chain: (c) => [
        c.leaf,
        issue({
          ...customerCa,
          subject: [['2.5.4.3', 'Sub CA']],
          issuer: customerCa.subject,
          key: 'stranger',
          signedWith: 'customerCa',
        }),
        c.customerCa,
        c.bankCa,
      ],
    },
    FOREIGN,
  ),
  attack(
    'a payer who issues certificates',
    {
      pki: {
        leaf: { issuer: leafName, signedWith: 'stranger', subject: [...leafName.slice(0, -1), ['2.5.4.3', 'Bo Berg']] },
      },
      chain: (c) => [c.leaf, issue({ ...leaf, key: 'stranger' }), c.customerCa, c.bankCa],
    },
    BROKEN,
  ),
  attack(
    'a CA that names itself as issuer',
    { pki: { customerCa: { issuer: customerCa.subject, signedWith: 'customerCa' } } },
    NO_CHAIN,
  ),
];

const encodings: readonly Attack[] = [
  ofLeaf(
    'an indefinite length',
    { mangle: (der) => Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.from([0, 0])]) },
    FORMAT,
    'signature-value',
  ),
  ofLeaf(
    'a length in more octets than needed',
    { mangle: (der) => Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]) },
    FORMAT,
    'signature-value',
  ),
  ofLeaf(
    'bytes after the certificate',
    { mangle: (der) => Buffer.concat([der, Buffer.from([5, 0])]) },
    FORMAT,
    'signature-value',
  ),
  ofLeaf('half a certificate', { mangle: (der) => der.subarray(0, der.length / 2) }, FORMAT, 'signature-value'),
  ofLeaf('a serial number not minimal', { serial: Buffer.from([0, 0, 1]) }, FORMAT, 'signature-value', ['ocsp']),
  ofLeaf('an empty serial number', { serial: Buffer.alloc(0) }, FORMAT, 'signature-value', ['ocsp']),
  ofLeaf(
    'a critical flag that is neither true nor false',
    {
      extensions: [policy, sequence(oid('2.5.29.15'), tlv(1, Buffer.from([1])), octets(bits(Buffer.from([0x40]), 6)))],
    },
    FORMAT,
    'signature-value',
  ),
  ofLeaf(
    'a critical flag written out where it is the default',
    {
      extensions: [
        extensions.nonRepudiation,
        sequence(oid('2.5.29.32'), tlv(1, Buffer.from([0])), octets(sequence(sequence(oid('1.2.3.4.5'))))),
      ],
    },
    FORMAT,
    'signature-value',
  ),
  ofLeaf(
    'key usage with stray bits',
    { extensions: [policy, extension('2.5.29.15', bits(Buffer.from([0x41]), 6), true)] },
    BROKEN,
    'path',
    ['signer'],
  ),
  ofLeaf(
    'key usage with a trailing zero octet',
    { extensions: [policy, extension('2.5.29.15', bits(Buffer.from([0x40, 0]), 0), true)] },
    BROKEN,
    'path',
    ['signer'],
  ),
  ofLeaf(
    'an extension with bytes after its value',
    { extensions: [policy, extension('2.5.29.15', Buffer.concat([bits(Buffer.from([0x40]), 6), derNull]), true)] },
    BROKEN,
    'path',
    ['signer'],
  ),
  ofLeaf(
    'basicConstraints with bytes after its value',
    { extensions: [...leaf.extensions, extension('2.5.29.19', sequence(sequence()), true)] },
    BROKEN,
    'path',
    ['signer'],
  ),
  attack(
    'bytes inside a CA certificate',
    { pki: { bankCa: { mangle: (der) => Buffer.concat([der, Buffer.from([0])]) } } },
    FORMAT,
  ),
  attack(
    'a path length not minimal',
    {
      pki: {
        customerCa: {
          extensions: [
            extension('2.5.29.19', sequence(tlv(1, Buffer.from([0xff])), integer(Buffer.from([0, 5]))), true),
            extensions.certSign,
            policy,
          ],
        },
      },
    },
    BROKEN,
  ),
];

const names: readonly Attack[] = [
  ofLeaf('no personal number', { subject: leafName.filter(([type]) => type !== '2.5.4.5') }, FOREIGN, 'path', [
    'payer',
  ]),
  ofLeaf(
    'a personal number of ten digits',
    { subject: leafName.map(([type, value]) => [type, type === '2.5.4.5' ? value.slice(2) : value]) },
    FOREIGN,
    'path',
    ['payer'],
  ),
  ofLeaf(
    'a personal number with a line feed',
    { subject: leafName.map(([type, value]) => [type, type === '2.5.4.5' ? `${value}\n` : value]) },
    FOREIGN,
    'path',
    ['payer'],
  ),
  ofLeaf(
    'a personal number in other digits',
    { subject: leafName.map(([type, value]) => [type, type === '2.5.4.5' ? '١٩٩٠٠١٠١٢٣٨٥' : value]) },
    FOREIGN,
    'path',
    ['payer'],
  ),
  ofLeaf('two common names', { subject: [...leafName, ['2.5.4.3', 'Bo Berg']] }, FOREIGN),
  ofLeaf(
    'another country',
    { subject: leafName.map(([type, value]) => [type, type === '2.5.4.6' ? 'NO' : value]) },
    FOREIGN,
  ),
  ofLeaf(
    'a NUL in the organisation',
    { subject: leafName.map(([type, value]) => [type, type === '2.5.4.10' ? 'Bank\0' : value]) },
    FOREIGN,
  ),
];

const uses: readonly Attack[] = [
  ofLeaf('a certificate for TLS servers as signer', { extensions: [...leaf.extensions, serverAuth] }, FOREIGN),
  ofLeaf('a certificate for TLS clients as signer', { extensions: [...leaf.extensions, clientAuth] }, FOREIGN),
  ofLeaf('a key that may sign certificates', { extensions: [policy, extensions.certSign] }, FOREIGN, 'path', [
    'signer',
  ]),
  ofLeaf('no key usage', { extensions: [policy] }, FOREIGN, 'path', ['signer']),
  attack(
    'the OCSP responder as signer',
    { pki: { leaf: { ...soundPki.responder, subject: leafName, serial: leaf.serial } } },
    FOREIGN,
  ),
  ofLeaf(
    'a CA as signer',
    { extensions: [extensions.ca(), extensions.nonRepudiation, policy] },
    NO_SIGNER,
    'signature-value',
  ),
  attack(
    'a bank CA with CA:FALSE',
    { pki: { bankCa: { extensions: [extensions.notCa, extensions.certSign, policy] } } },
    BROKEN,
  ),
  attack(
    'a bank CA without keyCertSign',
    { pki: { bankCa: { extensions: [extensions.ca(), extensions.digitalSignature, policy] } } },
    BROKEN,
  ),
  attack('a bank CA without key usage', { pki: { bankCa: { extensions: [extensions.ca(), policy] } } }, BROKEN),
  attack('a root of path length 0', { pki: { root: { extensions: [extensions.ca(0), extensions.certSign] } } }, BROKEN),
  attack('a root that is no CA', { pki: { root: { extensions: [extensions.notCa, extensions.certSign] } } }, BROKEN),
  attack(
    'name constraints that no check reads',
    { pki: { bankCa: { extensions: [...soundPki.bankCa.extensions, extension('2.5.29.30', sequence(), true)] } } },
    BROKEN,
  ),
  attack('a Customer CA that a stranger signed', { pki: { customerCa: { signedWith: 'stranger' } } }, BROKEN),
];

/** D: certificates that lead nowhere, or to another root. */
export const paths: readonly Attack[] = [
  ...refusedPaths.filter(([, , , check]) => check === 'path').map(fromRow),
  ...keyInfos,
  ...chains,
  ...encodings,
  ...names,
  ...uses,
];
