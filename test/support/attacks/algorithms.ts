import { constants, createHash, createHmac, createPublicKey, privateEncrypt, sign } from 'node:crypto';
import { verdicts } from '../vectors/row.ts';
import { key, spki } from '../vectors/test-pki.ts';
import { extensions } from '../vectors/der-writer.ts';
import { changing, type Attack } from './attack.ts';

type Change = (xml: string) => string;

const INFO = /<SignedInfo[^]*<\/SignedInfo>/;
const infoOf = (xml: string): Buffer => Buffer.from(INFO.exec(xml)?.[0] ?? '');
const withValue =
  (make: (signedInfo: Buffer) => Uint8Array): Change =>
  (xml) =>
    xml.replace(/(<SignatureValue>)[^<]*/, `$1${Buffer.from(make(infoOf(xml))).toString('base64')}`);

const unknown = (title: string, change: Change, document?: Change): Attack => ({
  title,
  recipe: { signedInfo: changing(change), ...(document ? { document: changing(document) } : {}) },
  verdict: verdicts.FORMAT,
  check: 'structure',
});

const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const dsig = 'http://www.w3.org/2000/09/xmldsig#';
const method =
  (uri: string): Change =>
  (xml) =>
    xml.replace(/(<SignatureMethod Algorithm=")[^"]*/, `$1${uri}`);

const signatureMethods: readonly (readonly [string, string])[] = [
  ['HMAC-SHA1', `${dsig}hmac-sha1`],
  ['HMAC-SHA512', `${more}hmac-sha512`],
  ['MD5', `${more}rsa-md5`],
  ['RIPEMD-160', `${more}rsa-ripemd160`],
  ['DSA', `${dsig}dsa-sha1`],
  ['ECDSA', `${more}ecdsa-sha256`],
  ['PSS', 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'],
  ['PSS with parameters', 'http://www.w3.org/2007/05/xmldsig-more#rsa-pss'],
  ['RSA-SHA512, sound but not of the profile', `${more}rsa-sha512`],
  ['nothing', ''],
  ['white space around', ` ${more}rsa-sha256 `],
  ['other letters', `${more}RSA-SHA256`],
  ['none', 'none'],
];
const canonicalizations: readonly (readonly [string, string])[] = [
  ['exclusive C14N', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  ['C14N 1.1', 'http://www.w3.org/2006/12/xml-c14n11'],
  ['C14N with comments', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments'],
  ['minimal', `${dsig}minimal`],
  ['an unknown one', 'urn:x'],
  ['nothing', ''],
];
const transforms: readonly (readonly [string, string])[] = [
  ...canonicalizations,
  ['XSLT', 'http://www.w3.org/TR/1999/REC-xslt-19991116'],
  ['XPath', 'http://www.w3.org/TR/1999/REC-xpath-19991116'],
  ['XPath filter 2', 'http://www.w3.org/2002/06/xmldsig-filter2'],
  ['base64', `${dsig}base64`],
  ['enveloped signature', `${dsig}enveloped-signature`],
  ['decryption', 'http://www.w3.org/2002/07/decrypt#XML'],
];
const digests: readonly (readonly [string, string])[] = [
  ['MD5', `${more}md5`],
  ['SHA-224', `${more}sha224`],
  ['SHA-512, sound but not of the profile', 'http://www.w3.org/2001/04/xmlenc#sha512'],
  ['nothing', ''],
];

const TRANSFORM = /<Transform [^>]*><\/Transform>/;
const outside: readonly Attack[] = [
  ...signatureMethods.map(([title, uri]) => unknown(`signature method: ${title}`, method(uri))),
  ...canonicalizations.map(([title, uri]) =>
    unknown(`canonicalization: ${title}`, (xml) =>
      xml.replace(/(<CanonicalizationMethod Algorithm=")[^"]*/, `$1${uri}`),
    ),
  ),
  ...transforms.map(([title, uri]) =>
    unknown(`transform: ${title}`, (xml) => xml.replace(/(<Transform Algorithm=")[^"]*/, `$1${uri}`)),
  ),
  ...digests.map(([title, uri]) =>
    unknown(`digest: ${title}`, (xml) => xml.replace(/(<DigestMethod Algorithm=")[^"]*/, `$1${uri}`)),
  ),
  unknown('no transform', (xml) => xml.replace(TRANSFORM, '')),
  unknown('no Transforms', (xml) => xml.replace(/<Transforms>.*?<\/Transforms>/, '')),
  unknown('2 transforms', (xml) => xml.replace(TRANSFORM, '$&$&')),
  unknown('1000 transforms', (xml) => xml.replace(TRANSFORM, '$&'.repeat(1000))),
  unknown('an XPath expression in the transform', (xml) =>
    xml.replace('></Transform>', '><XPath>true</XPath></Transform>'),
  ),
  unknown('no SignatureMethod', (xml) => xml.replace(/<SignatureMethod[^>]*><\/SignatureMethod>/, '')),
  unknown('no algorithm at all', (xml) => xml.replace(/(<SignatureMethod) Algorithm="[^"]*"/, '$1')),
  unknown('parameters of PSS', (xml) =>
    xml.replace('></SignatureMethod>', '><RSAPSSParams></RSAPSSParams></SignatureMethod>'),
  ),
  unknown(
    'the HMAC with the public key',
    method(`${more}hmac-sha256`),
    withValue((info) => createHmac('sha256', spki('leaf')).update(info).digest()),
  ),
  unknown(
    'the HMAC cut to eight bits',
    (xml) => xml.replace('></SignatureMethod>', '><HMACOutputLength>8</HMACOutputLength></SignatureMethod>'),
    withValue((info) => createHmac('sha1', spki('leaf')).update(info).digest().subarray(0, 1)),
  ),
];

const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
/** DigestInfo without the NULL that PKCS#1 asks for. */
const SHA256_INFO_BARE = Buffer.from('302f300b0609608648016503040201' + '0420', 'hex');
const SHA1_INFO = Buffer.from('3021300906052b0e03021a05000414', 'hex');
const digest = (hash: string, info: Buffer): Buffer => createHash(hash).update(info).digest();
/** The signer's own key makes any block: only a verifier that compares the whole block refuses them all. */
const block =
  (make: (info: Buffer) => Buffer) =>
  (info: Buffer): Buffer =>
    privateEncrypt({ key: key('leaf'), padding: constants.RSA_NO_PADDING }, make(info));
const padded = (type: number, content: Buffer, filler = 0xff): Buffer => {
  const padding = Buffer.alloc(256 - 3 - content.length, filler);
  return Buffer.concat([Buffer.from([0, type]), padding, Buffer.from([0]), content]);
};
const t = (info: Buffer): Buffer => Buffer.concat([SHA256_INFO, digest('sha256', info)]);

const modulus = (): bigint => {
  const { n = '' } = createPublicKey(key('leaf')).export({ format: 'jwk' });
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`);
};
const toBytes = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
const toInteger = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

function cubeRoot(value: bigint): bigint {
  let low = 0n;
  let high = 1n << 700n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** 3n <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/** Bleichenbacher 2006: a block with the right beginning and rubbish behind, which is a cube; no private key is needed. */
function cubicForgery(info: Buffer): Buffer {
  const start = Buffer.concat([Buffer.from([0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]), t(info)]);
  const target = toInteger(Buffer.concat([start, Buffer.alloc(256 - start.length, 0xff)]));
  return toBytes(cubeRoot(target), 256);
}

const forgeries: readonly (readonly [string, (info: Buffer) => Buffer])[] = [
  ['zero', () => Buffer.alloc(256)],
  ['one', () => toBytes(1n, 256)],
  ['nothing', () => Buffer.alloc(0)],
  ['the modulus', () => toBytes(modulus(), 256)],
  ['the modulus less one', () => toBytes(modulus() - 1n, 256)],
  ['the signature plus the modulus', (info) => toBytes(toInteger(sign('sha256', info, key('leaf'))) + modulus(), 257)],
  ['a zero before it', (info) => Buffer.concat([Buffer.from([0]), sign('sha256', info, key('leaf'))])],
  ['a zero behind it', (info) => Buffer.concat([sign('sha256', info, key('leaf')), Buffer.from([0])])],
  ['one octet short', (info) => sign('sha256', info, key('leaf')).subarray(0, 255)],
  ['over SHA-512', (info) => sign('sha512', info, key('leaf'))],
  ['over SHA-1 under the name of SHA-256', (info) => sign('sha1', info, key('leaf'))],
  ['PSS padding', (info) => sign('sha256', info, { key: key('leaf'), padding: constants.RSA_PKCS1_PSS_PADDING })],
  ['the digest without DigestInfo', block((info) => padded(1, digest('sha256', info)))],
  ['DigestInfo without NULL', block((info) => padded(1, Buffer.concat([SHA256_INFO_BARE, digest('sha256', info)])))],
  ['DigestInfo of SHA-1', block((info) => padded(1, Buffer.concat([SHA1_INFO, digest('sha1', info)])))],
  ['DigestInfo with rubbish after it', block((info) => padded(1, Buffer.concat([t(info), Buffer.from('rubbish')])))],
  ['block type 2', block((info) => padded(2, t(info)))],
  ['block type 0', block((info) => padded(0, t(info), 0))],
  ['padding that is not FF', block((info) => padded(1, t(info), 0xfe))],
  [
    'eight octets of padding, then rubbish',
    block((info) =>
      Buffer.concat([
        Buffer.from([0, 1]),
        Buffer.alloc(8, 0xff),
        Buffer.from([0]),
        t(info),
        Buffer.alloc(256 - 11 - 51, 0x41),
      ]),
    ),
  ],
];

const policy = extensions.policy('1.2.3.4.5');

/** C: algorithms that prove nothing, and signatures that are none. */
export const algorithms: readonly Attack[] = [
  ...outside,
  ...forgeries.map(([title, make]): Attack => ({
    title: `signature value: ${title}`,
    recipe: { document: changing(withValue(make)) },
    verdict: verdicts.CRYPTO,
    check: 'signature-value',
  })),
  {
    title: 'signature value: another signature of the same key',
    recipe: { document: changing(withValue((info) => sign('sha256', Buffer.concat([info, info]), key('leaf')))) },
    verdict: verdicts.CRYPTO,
    check: 'signature-value',
  },
  {
    title: 'a signature by another key',
    recipe: { signedWith: 'stranger' },
    verdict: verdicts.CRYPTO,
    check: 'signature-value',
  },
  {
    title: 'SHA-1 as signature method',
    recipe: { signatureHash: 'sha1' },
    verdict: verdicts.WEAK,
    check: 'algorithms',
  },
  { title: 'SHA-1 as digest', recipe: { digestHash: 'sha1' }, verdict: verdicts.WEAK, check: 'algorithms' },
  {
    title: 'a leaf signed over SHA-1',
    recipe: { pki: { leaf: { hash: 'sha1' } } },
    verdict: verdicts.WEAK,
    check: 'algorithms',
  },
  {
    title: 'a Customer CA signed over SHA-1',
    recipe: { pki: { customerCa: { hash: 'sha1' } } },
    verdict: verdicts.WEAK,
    check: 'algorithms',
  },
  {
    title: "a payer's key of 1024 bits",
    recipe: { pki: { leaf: { key: 'short', extensions: [policy, extensions.nonRepudiation] } } },
    verdict: verdicts.WEAK,
    check: 'algorithms',
  },
  {
    title: "a payer's key of exponent 3",
    recipe: { pki: { leaf: { key: 'cubic' } } },
    verdict: verdicts.WEAK,
    check: 'algorithms',
  },
  {
    title: 'an OCSP response over SHA-1',
    recipe: { ocsp: { hash: 'sha1' } },
    verdict: verdicts.WEAK_OCSP,
    check: 'algorithms',
  },
  {
    title: 'a responder signed over SHA-1',
    recipe: { pki: { responder: { hash: 'sha1' } } },
    verdict: verdicts.WEAK_OCSP,
    check: 'algorithms',
  },
  {
    title: "a responder's key of 1024 bits",
    recipe: { pki: { responder: { key: 'short' } } },
    verdict: verdicts.WEAK_OCSP,
    check: 'algorithms',
  },
];

/** Refused twice: the key is too weak, and the forgery under it is none to a strict verifier. */
export const cubic: Attack = {
  title: 'a cube under a key of exponent 3',
  recipe: { pki: { leaf: { key: 'cubic' } }, document: changing(withValue(cubicForgery)) },
  verdict: verdicts.CRYPTO,
  check: 'signature-value',
};
