import { extensions } from './der-writer.ts';
import { verdicts, type Row } from './row.ts';
import { leafName, soundPki } from './test-pki.ts';

const { FORMAT, NO_CHAIN, BROKEN, FOREIGN, WEAK, WEAK_OCSP } = verdicts;
const policy = extensions.policy('1.2.3.4.5');
const { leaf } = soundPki;

export const refusedPaths: readonly Row[] = [
  ['a chain to a root of the same name', { pki: { bankCa: { signedWith: 'stranger' } } }, NO_CHAIN, 'path'],
  ['a self-signed leaf', { pki: { leaf: { issuer: leafName, signedWith: 'leaf' } } }, NO_CHAIN, 'path'],
  ['a chain without the bank CA', { chain: (c) => [c.leaf, c.customerCa] }, NO_CHAIN, 'path'],
  ['a leaf signed by a stranger', { pki: { leaf: { signedWith: 'stranger' } } }, BROKEN, 'path'],
  [
    'a Customer CA with CA:FALSE',
    { pki: { customerCa: { extensions: [extensions.notCa, extensions.certSign, policy] } } },
    BROKEN,
    'path',
  ],
  [
    'a Customer CA without basicConstraints',
    { pki: { customerCa: { extensions: [extensions.certSign, policy] } } },
    BROKEN,
    'path',
  ],
  [
    'a bank CA of path length 0',
    { pki: { bankCa: { extensions: [extensions.ca(0), extensions.certSign, policy] } } },
    BROKEN,
    'path',
  ],
  [
    'a Customer CA without keyCertSign',
    { pki: { customerCa: { extensions: [extensions.ca(), extensions.nonRepudiation, policy] } } },
    BROKEN,
    'path',
  ],
  [
    'an unknown critical extension',
    { pki: { leaf: { extensions: [...leaf.extensions, extensions.unknown(true)] } } },
    BROKEN,
    'path',
  ],
  ['an extension twice', { pki: { leaf: { extensions: [...leaf.extensions, policy] } } }, BROKEN, 'path'],
  ['a serial number of zero', { pki: { leaf: { serial: Buffer.from([0]) } } }, BROKEN, 'path'],
  ['a negative serial number', { pki: { leaf: { serial: Buffer.from([0x81]) } } }, BROKEN, 'path'],
  ['a serial number of 21 octets', { pki: { leaf: { serial: Buffer.alloc(21, 1) } } }, BROKEN, 'path'],
  ['signatureAlgorithm other than tbs.signature', { pki: { leaf: { claimedHash: 'sha512' } } }, BROKEN, 'path'],
  [
    'bytes after a CA certificate',
    { pki: { customerCa: { mangle: (der) => Buffer.concat([der, Buffer.from([0])]) } } },
    FORMAT,
    'path',
  ],
  ['the root inside the message', { chain: (c) => [c.leaf, c.customerCa, c.bankCa, c.root] }, FOREIGN, 'path'],
  ['CAs out of order', { chain: (c) => [c.leaf, c.bankCa, c.customerCa] }, FOREIGN, 'path'],
  [
    'a leaf of the bank CA',
    { pki: { leaf: { issuer: soundPki.bankCa.subject, signedWith: 'bankCa' } }, chain: (c) => [c.leaf, c.bankCa] },
    FOREIGN,
    'path',
  ],
  [
    'a foreign policy',
    { pki: { leaf: { extensions: [extensions.policy('1.2.3.4.6'), extensions.nonRepudiation] } } },
    FOREIGN,
    'path',
  ],
  ['no policy', { pki: { leaf: { extensions: [extensions.nonRepudiation] } } }, FOREIGN, 'path'],
  ['two personal numbers', { pki: { leaf: { subject: [...leafName, ['2.5.4.5', '199001012385']] } } }, FOREIGN, 'path'],
  [
    'a NUL in the name',
    { pki: { leaf: { subject: leafName.map(([type, value]) => [type, type === '2.5.4.3' ? 'Anna\0' : value]) } } },
    FOREIGN,
    'path',
  ],
  [
    'a leaf for OCSP signing',
    { pki: { leaf: { extensions: [...leaf.extensions, extensions.ocspSigning] } } },
    FOREIGN,
    'path',
  ],
  ['a leaf for two uses', { pki: { leaf: { extensions: [policy, extensions.bothUses] } } }, FOREIGN, 'path'],
  ['SHA-1 as signature method', { signatureHash: 'sha1' }, WEAK, 'algorithms'],
  ['SHA-1 as digest', { digestHash: 'sha1' }, WEAK, 'algorithms'],
  ['a leaf signed over SHA-1', { pki: { leaf: { hash: 'sha1' } } }, WEAK, 'algorithms'],
  ['a leaf with a key of 1024 bits', { pki: { leaf: { key: 'short' } } }, WEAK, 'algorithms'],
  ['an OCSP response over SHA-1', { ocsp: { hash: 'sha1' } }, WEAK_OCSP, 'algorithms'],
  ['a responder with a key of 1024 bits', { pki: { responder: { key: 'short' } } }, WEAK_OCSP, 'algorithms'],
];
