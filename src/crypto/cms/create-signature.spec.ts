import { constants, createPublicKey, generateKeyPairSync, hash, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { issueCertificate, extensions, type Name } from '../../../simulator/pki/certificate.ts';
import { oids } from '../asn1/oids.ts';
import { octetString } from '../asn1/der-writer.ts';
import { Malformed } from '../malformed.ts';
import type { HashName, SignatureScheme } from '../signature-scheme.ts';
import { CmsError } from './cms-error.ts';
import { addUnsigned, createSignature } from './create-signature.ts';
import { parseSignedData } from './signed-data.ts';
import { verifySigner } from './verify-signer.ts';

const name: Name = [['commonName', 'Seal']];
const content = Buffer.from('<ASiCManifest/>');
const signingTime = new Date('2026-11-22T08:00:00Z');

interface Case {
  readonly title: string;
  readonly key: KeyObject;
  readonly scheme: SignatureScheme;
}

const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const cases: readonly Case[] = [
  { title: 'ECDSA on P-256', key: ec('P-256'), scheme: { kind: 'ecdsa', hash: 'sha256' } },
  { title: 'ECDSA on P-384', key: ec('P-384'), scheme: { kind: 'ecdsa', hash: 'sha384' } },
  { title: 'RSA PKCS #1 v1.5', key: rsa, scheme: { kind: 'rsa-pkcs1', hash: 'sha512' } },
  { title: 'RSASSA-PSS', key: rsa, scheme: { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 } },
];

async function certificateFor(key: KeyObject): Promise<Buffer> {
  const issuer = { name, privateKey: rsa, digest: 'sha256' } as const;
  const facts = {
    subject: name,
    publicKey: createPublicKey(key),
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2030-01-01T00:00:00Z'),
    extensions: [extensions.keyUsage('nonRepudiation')],
  };
  return (await issueCertificate(facts, issuer)).der;
}

async function signatureOf({ key, scheme }: Case, crls: readonly Buffer[] = []): Promise<Buffer> {
  const padding = scheme.kind === 'rsa-pss' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const options = key.asymmetricKeyType === 'rsa' ? { key, padding, saltLength: 32 } : { key };
  return createSignature({
    contentDigest: hash(scheme.hash, content, 'buffer'),
    scheme,
    sign: (bytes) => Promise.resolve(sign(scheme.hash, bytes, options)),
    certificates: [await certificateFor(key)],
    crls,
    signingTime,
  });
}

function reasonOf(der: Buffer, signed: Buffer = content): string {
  try {
    verifySigner(parseSignedData(der), signed);
  } catch (error) {
    if (error instanceof CmsError) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe.each(cases)('a detached signature by $title', (made) => {
  it('verifies over its content, with the time that its signer claims', async () => {
    const signedData = parseSignedData(await signatureOf(made));
    expect(verifySigner(signedData, content)).toMatchObject({ signingTime });
    expect(verifySigner(signedData, { digest: hash(made.scheme.hash, content, 'buffer') })).toMatchObject({
      signingTime,
    });
  });

  it('is refused over other content', async () => {
    expect(reasonOf(await signatureOf(made), Buffer.from('<ASiCManifest />'))).toBe('digest');
  });

  it('is refused after a change of its value', async () => {
    const der = await signatureOf(made);
    der[der.length - 1]! ^= 1;
    expect(['signature', 'format']).toContain(reasonOf(der));
  });
});

describe('a detached signature', () => {
  const [made] = cases as [Case];

  it('keeps every signed byte when an unsigned attribute is added', async () => {
    const before = parseSignedData(await signatureOf(made));
    const attribute = { type: oids.signatureTimestamp, value: octetString(Buffer.from('token')) };
    const after = parseSignedData(addUnsigned(before.der, attribute));
    expect(after.signer).toMatchObject({ signature: before.signer.signature, signedBytes: before.signer.signedBytes });
    expect(after.signer.unsigned.map(({ type }) => type)).toEqual([oids.signatureTimestamp]);
    expect(reasonOf(after.der)).toBe('accepted');
    expect(() => addUnsigned(after.der, attribute)).toThrow(Malformed);
  });

  it('is refused after any change of a bit', async () => {
    const der = await signatureOf(made);
    const accepted: number[] = [];
    for (let index = 0; index < der.length; index++) {
      const mutated = Buffer.from(der);
      mutated[index]! ^= 1 << (index % 8);
      if (reasonOf(mutated) === 'accepted') accepted.push(index);
    }
    expect(accepted).toEqual([]);
  });

  it('is refused with a reason, and never crashes its reader, after any changes', async () => {
    const der = await signatureOf(made);
    const change = fc.tuple(fc.nat(der.length - 1), fc.nat(255));
    const isRefused = (changes: readonly (readonly [number, number])[]): boolean => {
      const mutated = Buffer.from(der);
      for (const [at, octet] of changes) mutated[at] = octet;
      return mutated.equals(der) || reasonOf(mutated) !== 'accepted';
    };
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), isRefused), { numRuns: 1000 });
    fc.assert(fc.property(fc.uint8Array(), (bytes) => reasonOf(Buffer.from(bytes)) === 'format'));
  });

  it.each<[string, HashName]>([
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ])('names its certificate by its own hash, %s', async (_, name) => {
    expect(reasonOf(await signatureOf({ ...made, scheme: { kind: 'ecdsa', hash: name } }))).toBe('accepted');
  });
});
