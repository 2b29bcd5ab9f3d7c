import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { encodeName, extensions, issueCertificate, type Name } from '../../../simulator/pki/certificate.ts';
import {
  bitString,
  contextPrimitive,
  derTrue,
  enumerated,
  generalizedTime,
  ia5Bytes,
} from '../../../simulator/pki/der.ts';
import { context, integer, objectIdentifier, octetString, sequence, smallInteger, time } from '../asn1/der-writer.ts';
import { oids } from '../asn1/oids.ts';
import { addMs, DAY_MS } from '../../kernel/clock.ts';
import { Malformed } from '../malformed.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { isRevokedAt, revocationAt, type Revocation } from './revocation.ts';

const days = (count: number): Date => addMs(new Date('2026-11-22T00:00:00Z'), count * DAY_MS);
const key: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ca: Name = [['commonName', 'CA']];
const URL = 'http://ca.example/crl';
const ecdsa = sequence(objectIdentifier(oids.ecdsaWithSha256));
let issuer: Certificate;
let leaf: Certificate;

beforeAll(async () => {
  const by = { name: ca, privateKey: key, digest: 'sha256' } as const;
  const certify = async (subject: Name, ...own: readonly Buffer[]): Promise<Certificate> => {
    const publicKey = createPublicKey(key);
    const facts = { subject, publicKey, notBefore: days(-100), notAfter: days(100), extensions: own };
    return parseCertificate((await issueCertificate(facts, by)).der);
  };
  issuer = await certify(ca, extensions.certificateAuthority(), extensions.keyUsage('certificates'));
  leaf = await certify([['commonName', 'Seal']], extensions.keyUsage('signatures'), extensions.crlAt(URL));
});

const extension = (oid: string, value: Buffer, isCritical = false): Buffer =>
  sequence(objectIdentifier(oid), ...(isCritical ? [derTrue()] : []), octetString(value));
const scope = (...members: readonly Buffer[]): Buffer =>
  extension(oids.issuingDistributionPoint, sequence(...members), true);
/** DistributionPointName as a full name of one URI. */
const at = (url: string): Buffer => context(0, context(0, contextPrimitive(6, ia5Bytes(url))));

interface Facts {
  readonly from?: number;
  readonly to?: number;
  readonly name?: Name;
  readonly signedWith?: KeyObject;
  readonly entries?: readonly Buffer[];
  readonly extensions?: readonly Buffer[];
}

function crl({ from = 0, to = 1, name = ca, signedWith = key, entries = [], extensions: own = [] }: Facts): Buffer {
  const tbs = sequence(
    smallInteger(1),
    ecdsa,
    encodeName(name),
    time(days(from)),
    time(days(to)),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    ...(own.length > 0 ? [context(0, sequence(...own))] : []),
  );
  return sequence(tbs, ecdsa, bitString(sign('sha256', tbs, signedWith)));
}

const entry = (...own: readonly Buffer[]): Buffer =>
  sequence(integer(leaf.serial), time(days(0)), ...(own.length > 0 ? [sequence(...own)] : []));
const ask = (...facts: readonly Facts[]): Revocation['state'] =>
  revocationAt(leaf, issuer, facts.map(crl), days(0.5)).state;

describe('what CRLs say of a certificate', () => {
  it('is good or revoked by the newest that covers the time or is of later', () => {
    expect(ask({})).toBe('good');
    expect(ask({ entries: [entry()] })).toBe('revoked');
    expect(ask({}, { from: 0.25, entries: [entry()] })).toBe('revoked');
    expect(ask({ from: 3, to: 4, entries: [entry()] })).toBe('revoked');
    expect(ask({ entries: [sequence(integer(Buffer.from([1])), time(days(0)))] })).toBe('good');
  });

  it('is nothing where they are too old, of another issuer, or about other certificates', () => {
    expect(ask()).toBe('unknown');
    expect(ask({ from: -2, to: 0 })).toBe('unknown');
    expect(ask({ from: 101, to: 102 })).toBe('unknown');
    expect(ask({ entries: [entry()] }, { from: 101, to: 102 })).toBe('revoked');
    expect(ask({ name: [['commonName', 'Other']] })).toBe('unknown');
    expect(ask({ extensions: [scope(contextPrimitive(2, Buffer.from([0xff])))] })).toBe('unknown');
    expect(ask({ extensions: [scope(at('http://ca.example/other'))] })).toBe('unknown');
    expect(ask({ extensions: [scope(at(URL), contextPrimitive(1, Buffer.from([0xff])))] })).toBe('good');
  });

  it.each<[string, () => Facts]>([
    ['not signed by the issuer', () => ({ signedWith: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey })],
    ['a delta CRL', () => ({ extensions: [extension('2.5.29.27', smallInteger(1), true)] })],
    ['an indirect CRL', () => ({ extensions: [scope(contextPrimitive(4, Buffer.from([0xff])))] })],
    ['one whose scope is encoded loosely', () => ({ extensions: [scope(contextPrimitive(1, Buffer.from([0])))] })],
    [
      'one of users alone and of authorities alone',
      () => ({ extensions: [scope(...[1, 2].map((tag) => contextPrimitive(tag, Buffer.from([0xff]))))] }),
    ],
    [
      'one with more extensions than any has',
      () => ({ extensions: Array.from({ length: 101 }, (_, n) => extension(`1.2.${n}`, sequence())) }),
    ],
    ['one with two scopes', () => ({ extensions: [scope(at('http://ca.example/other')), scope(at(URL))] })],
    ['one for some reasons only', () => ({ extensions: [scope(contextPrimitive(3, Buffer.from([1, 2])))] })],
    [
      'one with a critical extension in an entry',
      () => ({ entries: [entry(extension('2.5.29.29', sequence(), true))] }),
    ],
  ])('is not taken from %s', (_, facts) => {
    expect(() => ask(facts())).toThrow(Malformed);
  });

  it('voids earlier signatures too, unless the reason is harmless', () => {
    const revoked = (reason: number | undefined) => ({ serial: leaf.serial, at: days(1), reason });
    for (const reason of [0, 3, 4, 5]) {
      expect([isRevokedAt(revoked(reason), days(0)), isRevokedAt(revoked(reason), days(1))]).toEqual([false, true]);
    }
    for (const reason of [undefined, 1, 2, 6, 9, 10]) expect(isRevokedAt(revoked(reason), days(0))).toBe(true);
    const read = revocationAt(
      leaf,
      issuer,
      [crl({ entries: [entry(extension(oids.reasonCode, enumerated(4)))] })],
      days(0),
    );
    expect(read).toMatchObject({ state: 'revoked', entry: { reason: 4, at: days(0) } });
  });

  it('voids signatures from the time on at which the certificate became invalid, if the CRL dates that', () => {
    const since = (day: number): Buffer => extension(oids.invalidityDate, generalizedTime(days(day)));
    const entries = (day: number): Buffer[] => [entry(extension(oids.reasonCode, enumerated(4)), since(day))];
    expect(revocationAt(leaf, issuer, [crl({ entries: entries(-3) })], days(0))).toMatchObject({
      entry: { at: days(-3) },
    });
    expect(revocationAt(leaf, issuer, [crl({ entries: entries(3) })], days(0))).toMatchObject({
      entry: { at: days(0) },
    });
  });
});
