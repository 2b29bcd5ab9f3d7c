import { createHash } from 'node:crypto';
import { extension, extensions, generalizedTime, integer, octets, sequence, tlv } from '../vectors/der-writer.ts';
import { refusedOcspResponses } from '../vectors/refused-ocsp-responses.ts';
import { seconds, verdicts } from '../vectors/row.ts';
import { soundPki } from '../vectors/test-pki.ts';
import { bankidNonce, makeVector, producedAt, type OcspRecipe, type Recipe } from '../vectors/vector.ts';
import { fromRow, type Attack } from './attack.ts';

const { LATER } = verdicts;
const { responder } = soundPki;
const ocsp = (title: string, change: Partial<OcspRecipe>, check = 'ocsp', verdict: string = LATER): Attack => ({
  title,
  recipe: { ocsp: change },
  verdict,
  check,
});
const mangled = (title: string, mangleOcsp: (der: Buffer) => Buffer): Attack => ({
  title,
  recipe: { mangleOcsp },
  verdict: LATER,
  check: 'ocsp',
});
const ofResponder = (title: string, change: NonNullable<Recipe['pki']>['responder'], check = 'ocsp'): Attack => ({
  title,
  recipe: { pki: { responder: change! } },
  verdict: LATER,
  check,
});

const SHA1_OID = Buffer.from('06052b0e03021a', 'hex');
const MD5_OID = Buffer.from('06082a864886f70d0205', 'hex');
/** Replaces octets of equal number, or rebuilds nothing: lengths above stay as they are only where these agree. */
const swap =
  (from: Buffer, to: Buffer) =>
  (der: Buffer): Buffer => {
    const at = der.indexOf(from);
    if (at < 0 || from.length !== to.length) throw new Error('the attack changed nothing');
    return Buffer.concat([der.subarray(0, at), to, der.subarray(at + from.length)]);
  };
const NONCE_OID = Buffer.from('06092b0601050507300102', 'hex');

/** Deterministic keys and texts: the signature that the response must be tied to is known beforehand. */
const rightNonce = (): Buffer => bankidNonce(makeVector().completion.signature);
const nonces: readonly Attack[] = [
  ocsp(
    'the right nonce in singleExtensions only',
    { responseExtensions: () => [], singleExtensions: [extensions.nonce(rightNonce())] },
    'nonce',
  ),
  ocsp(
    'two nonces, the right one first',
    { responseExtensions: (nonce) => [extensions.nonce(nonce), extensions.nonce(bankidNonce('x'))] },
    'nonce',
  ),
  ocsp(
    'two nonces, the right one last',
    { responseExtensions: (nonce) => [extensions.nonce(bankidNonce('x')), extensions.nonce(nonce)] },
    'nonce',
  ),
  ocsp('a nonce wrapped twice', { responseExtensions: (nonce) => [extensions.nonce(octets(octets(nonce)))] }, 'nonce'),
  ocsp(
    'a nonce wrapped as something else',
    { responseExtensions: (nonce) => [extensions.nonce(tlv(0x0c, nonce))] },
    'nonce',
  ),
  ocsp(
    'a wrapped nonce with bytes after it',
    { responseExtensions: (nonce) => [extensions.nonce(Buffer.concat([octets(nonce), Buffer.from([0])]))] },
    'nonce',
  ),
  ocsp(
    'a wrapped nonce one byte short',
    { responseExtensions: (nonce) => [extensions.nonce(octets(nonce.subarray(0, 31)))] },
    'nonce',
  ),
  ocsp('a nonce one byte long', { nonce: (text) => Buffer.concat([bankidNonce(text), Buffer.from([0])]) }, 'nonce'),
  ocsp('a nonce that is the digest alone', { nonce: (text) => createHash('sha1').update(text).digest() }, 'nonce'),
  ocsp(
    'a nonce that begins with a digest of SHA-256',
    { nonce: (text) => createHash('sha256').update(text).digest() },
    'nonce',
  ),
  ocsp(
    'a nonce over the XML instead of its base64',
    { nonce: (text) => bankidNonce(Buffer.from(text, 'base64').toString()) },
    'nonce',
  ),
  ocsp(
    'a nonce with the digest at its end',
    { nonce: (text) => Buffer.concat([Buffer.alloc(12), createHash('sha1').update(text).digest()]) },
    'nonce',
  ),
  ocsp('a nonce with one bit other', { nonce: (text) => flipLast(bankidNonce(text), 19) }, 'nonce'),
  ocsp(
    'a nonce under another OID',
    { responseExtensions: (nonce) => [extension('1.3.6.1.5.5.7.48.1.3', nonce)] },
    'nonce',
  ),
];

function flipLast(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

const responders: readonly Attack[] = [
  ofResponder('a responder that may sign as TLS server only', {
    extensions: [
      extension('2.5.29.37', sequence(Buffer.from('06082b06010505070301', 'hex'))),
      extensions.nonRepudiation,
      extensions.noCheck,
    ],
  }),
  ofResponder('a responder with any extended key usage', {
    extensions: [
      extension('2.5.29.37', sequence(Buffer.from('0604551d2500', 'hex'))),
      extensions.nonRepudiation,
      extensions.noCheck,
    ],
  }),
  ofResponder('a responder whose key signs certificates only', {
    extensions: [extensions.ocspSigning, extensions.certSign, extensions.noCheck],
  }),
  ofResponder('a responder that is a CA', { extensions: [extensions.ca(), ...responder.extensions] }),
  ofResponder('a responder with an unknown critical extension', {
    extensions: [...responder.extensions, extensions.unknown(true)],
  }),
  ofResponder('a responder with an extension twice', { extensions: [...responder.extensions, extensions.noCheck] }),
  ofResponder("a responder of the bank CA under the Customer CA's name", { signedWith: 'bankCa' }),
  ofResponder('a self-signed responder', { signedWith: 'responder' }),
  ofResponder('a self-issued responder', { issuer: responder.subject, signedWith: 'responder' }),
  ofResponder('a responder whose algorithms disagree', { claimedHash: 'sha512' }),
  ofResponder('a responder with bytes after it', { mangle: (der) => Buffer.concat([der, Buffer.from([5, 0])]) }),
  { title: 'the payer as responder', recipe: { ocsp: { signedWith: 'leaf' } }, verdict: LATER, check: 'ocsp' },
  {
    title: "the Customer CA's key without the right",
    recipe: { ocsp: { signedWith: 'customerCa' } },
    verdict: LATER,
    check: 'ocsp',
  },
];

const forms: readonly Attack[] = [
  ...[1, 2, 3, 5, 6, 4, 127].map((responseStatus) => ocsp(`response status ${responseStatus}`, { responseStatus })),
  mangled('an empty response', () => Buffer.alloc(0)),
  mangled('status successful without an answer', () => sequence(tlv(0x0a, Buffer.from([0])))),
  mangled('status tryLater with an answer', (der) => flipStatus(der)),
  mangled('bytes after the response', (der) => Buffer.concat([der, Buffer.from([0])])),
  mangled('half a response', (der) => der.subarray(0, der.length / 2)),
  mangled('a negative status', () => sequence(tlv(0x0a, Buffer.from([0xff])))),
  mangled('a status not minimal', () => sequence(tlv(0x0a, Buffer.from([0, 3])))),
  mangled('100 000 octets', () => Buffer.alloc(100_000, 0x30)),
  mangled('deeply nested', () =>
    Array.from({ length: 400 }).reduce<Buffer>((inner) => sequence(inner), Buffer.alloc(0)),
  ),
  mangled(
    'a signature of another algorithm',
    swap(Buffer.from('300d06092a864886f70d01010b0500', 'hex'), Buffer.from('300d06092a864886f70d01010d0500', 'hex')),
  ),
  ocsp('a version written out where it is the default', {
    mangleTbs: (tbs) => sequence(tlv(0xa0, integer(Buffer.from([0]))), tbs.subarray(4)),
  }),
  ocsp('bytes after the answer, signed so', { mangleTbs: (tbs) => sequence(tbs.subarray(4), Buffer.from([5, 0])) }),
  ocsp('producedAt with fractions of a second', {
    mangleTbs: (tbs) => resize(tbs, generalizedTime(producedAt), tlv(0x18, Buffer.from('20260601120030.5Z'))),
  }),
  ocsp('producedAt in local time', {
    mangleTbs: (tbs) => resize(tbs, generalizedTime(producedAt), tlv(0x18, Buffer.from('20260601120030'))),
  }),
  ocsp('producedAt as UTCTime', {
    mangleTbs: (tbs) => resize(tbs, generalizedTime(producedAt), tlv(0x17, Buffer.from('260601120030Z'))),
  }),
  ocsp('a status of another kind', { status: tlv(0x83) }),
  ocsp('good with a content', { status: tlv(0x80, Buffer.from([0])) }),
  ocsp('an unknown critical extension of the answer', { singleExtensions: [extensions.unknown(true)] }),
  ocsp('no responder named', { mangleTbs: (tbs) => sequence(tbs.subarray(4 + (tbs[5] ?? 0) + 2)) }),
];

function flipStatus(der: Buffer): Buffer {
  const copy = Buffer.from(der);
  copy[copy.indexOf(Buffer.from([0x0a, 1, 0])) + 2] = 3;
  return copy;
}

const otherText = makeVector({ visibleText: 'Betala 1 kr' });
/** The same person signs twice; the responder's second answer is put with the first signature. */
const exchanged: Attack = {
  title: 'signature A with the response of signature B',
  recipe: {},
  changes: { completion: { ocspResponse: otherText.completion.ocspResponse } },
  verdict: LATER,
  check: 'nonce',
};

/** E: answers that were not given, not by him, not about this, or not now. */
export const responses: readonly Attack[] = [
  ...refusedOcspResponses.map(fromRow),
  ...nonces,
  ...responders,
  ...forms,
  exchanged,
  ocsp('a CertID made with MD5', { mangleTbs: (tbs) => resize(tbs, SHA1_OID, MD5_OID) }, 'certid'),
  ocsp("the nonce's OID changed before signing", {
    mangleTbs: swap(NONCE_OID, Buffer.from('06092b0601050507300104', 'hex')),
  }),
  {
    ...ocsp('producedAt years before', { producedAt: seconds(producedAt, -3 * 365 * 86_400) }, 'times'),
    verdict: 'TOTAL-FAILED/NOT_YET_VALID',
    also: ['order-start'],
  },
  {
    ...ocsp('producedAt a year ahead', { producedAt: seconds(producedAt, 400 * 86_400) }, 'times'),
    verdict: 'INDETERMINATE/OUT_OF_BOUNDS_NO_POE',
    also: ['receipt'],
  },
];

/** Replaces octets of another number: the lengths around are written anew. */
function resize(tbs: Buffer, from: Buffer, to: Buffer): Buffer {
  const rebuild = (der: Buffer): Buffer => {
    const parts: Buffer[] = [];
    for (let at = 0; at < der.length;) {
      const [length, header] = lengthAt(der, at);
      const content = der.subarray(at + header, at + header + length);
      const raw = der.subarray(at, at + header + length);
      const isConstructed = ((der[at] ?? 0) & 0x20) !== 0;
      parts.push(raw.equals(from) ? to : isConstructed ? tlv(der[at] ?? 0, rebuild(content)) : raw);
      at += header + length;
    }
    return Buffer.concat(parts);
  };
  return rebuild(tbs);
}

function lengthAt(der: Buffer, at: number): [length: number, header: number] {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return [first, 2];
  return [der.readUIntBE(at + 2, first & 0x7f), 2 + (first & 0x7f)];
}
