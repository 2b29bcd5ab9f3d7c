import { constants, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { manifestOf, sealedMembers, writeBundle, type Seal } from '../../../src/bundle/container.ts';
import type { SealFinding } from '../../../src/bundle/findings.ts';
import type { Sealer, Stamp } from '../../../src/bundle/make-seal.ts';
import { readBundle } from '../../../src/bundle/read-bundle.ts';
import { verifyDetachedSeal, verifySeal } from '../../../src/bundle/verify-seal.ts';
import { DAY_MS } from '../../../src/kernel/clock.ts';
import { sampleMembers, Sealing } from '../../support/seals/sealing.ts';

const now = new Date('2026-12-01T12:00:00Z');
const members = sampleMembers;
const time = '2026-12-01T12:00:00.000Z';
const authority = 'Simulated Time Stamping Authority v1 Test';
const none = { seals: [], timestamps: [] };

/** A timestamp without CRLs beside it. */
const bareStamp = async (digest: Buffer): Promise<Stamp> => ({ ...(await own.stamp(digest)), crls: [] });

/** A timestamp of an authority that was not given. */
const foreignStamp =
  (at: Date) =>
  async (digest: Buffer): Promise<Stamp> => ({ ...(await other.stamp(digest, other.services.good, at)), crls: [] });

let own: Sealing;
let other: Sealing;
beforeAll(async () => {
  [own, other] = await Promise.all([Sealing.open(now), Sealing.open(now)]);
});

async function findingOf([seal, ...further]: readonly [Seal, ...Seal[]], trust = own.trust): Promise<SealFinding> {
  const signatures = further.map(({ signature }) => signature);
  return verifySeal(await readBundle(writeBundle(members, seal, signatures)), trust);
}

/** What is found of a seal that was made with these changes. */
const findingWith = async (changes: Partial<Sealer>): Promise<SealFinding> =>
  findingOf([await own.seal(members, 1, changes)]);

describe('the seal of a bundle', () => {
  it('is sound under the given issuers, and says who sealed it and when that is proven', async () => {
    expect(await findingOf([await own.seal(members)])).toEqual({
      state: 'sound',
      signer: 'CN=Sigill Sandbox Seal v1 Test, O=Sigill Sandbox AB, C=SE',
      issuer: 'CN=Simulated Trust Services CA v1 Test, O=Sigill Simulator, C=SE',
      claimedTime: time,
      timestamp: { state: 'sound', time, authority },
    });
  });

  it.each([
    ['PKCS #1 v1.5', { kind: 'rsa-pkcs1', hash: 'sha256' }, {}],
    [
      'PSS',
      { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 },
      { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    ],
  ] as const)('of an RSA key by %s is sound too', async (_, scheme, padding) => {
    const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const chain = [await own.certify(publicKey)] as const;
    const finding = await findingWith({
      chain: [...chain],
      scheme,
      sign: (bytes) => sign('sha256', bytes, { key, ...padding }),
    });
    expect(finding).toMatchObject({ state: 'sound', timestamp: { state: 'sound' } });
  });

  it('is untrusted, and nothing worse, where its issuer or that of its timestamp was not given', async () => {
    const seal = await own.seal(members);
    expect(await findingOf([seal], none)).toMatchObject({
      ...{ state: 'untrusted', reason: 'issuer' },
      timestamp: { state: 'untrusted', time },
    });
    expect(await findingOf([seal], { ...own.trust, timestamps: [] })).toMatchObject({
      ...{ state: 'untrusted', reason: 'undated' },
      timestamp: { state: 'untrusted' },
    });
    expect(await findingOf([seal], { ...own.trust, seals: [] })).toMatchObject({
      state: 'untrusted',
      timestamp: { state: 'sound' },
    });
  });

  it('of a key that was revoked is not sound by a time that its thief states', async () => {
    const serial = Buffer.from(new X509Certificate(own.services.seal.certificatePem).serialNumber, 'hex');
    const before = new Date(now.getTime() - DAY_MS / 2);
    const stolen = { stamp: foreignStamp(before) };
    const revoked = { ...stolen, crls: async () => [await own.services.crl(now, [serial])] };
    expect(await findingWith(revoked)).toMatchObject({ state: 'unsound' });
    const hidden = { ...stolen, crls: async () => [await own.services.crl(before)] };
    expect(await findingWith(hidden)).toMatchObject({
      ...{ state: 'untrusted', reason: 'undated', timestamp: { state: 'untrusted' } },
    });
  });

  it('with the timestamp of another bundle is not hidden by a sound one behind it', async () => {
    const { token } = await own.seal(members);
    const wrong = await own.seal(members, 1, { stamp: () => Promise.resolve({ token, crls: [] }) });
    expect(await findingOf([wrong, await own.seal(members, 2)])).toMatchObject({
      timestamp: { state: 'unsound', reason: 'imprint' },
    });
  });

  it('with a sound timestamp outweighs one whose timestamp is of an unknown authority', async () => {
    const foreign = await own.seal(members, 1, { stamp: foreignStamp(now) });
    const finding = await findingOf([foreign, await own.seal(members, 2)]);
    expect(finding).toMatchObject({ state: 'sound', timestamp: { state: 'sound' } });
  });

  it('of another installation is untrusted', async () => {
    expect(await findingOf([await other.seal(members)])).toMatchObject({ state: 'untrusted' });
  });

  it('of another bundle is refused', async () => {
    const others = sealedMembers(new Map([['a', Buffer.from('a')]]), {
      proof: Buffer.from('p'),
      checkpointToken: undefined,
    });
    expect(await findingOf([await own.seal(others)])).toEqual({ state: 'unsound', reason: 'digest' });
  });

  it('with the timestamp of another bundle is refused', async () => {
    const { token } = await own.seal(members);
    const seal = await own.seal(members, 1, { stamp: () => Promise.resolve({ token, crls: [] }) });
    expect(await findingOf([seal])).toMatchObject({ timestamp: { state: 'unsound', reason: 'imprint' } });
  });

  it('beside the timestamp of another bundle is refused', async () => {
    const [seal, { token }] = [await own.seal(members), await own.seal(members)];
    expect(await findingOf([{ ...seal, token }])).toEqual({
      ...{ state: 'unsound', reason: 'member-changed', member: 'META-INF/sigill-token.tsr' },
    });
  });

  it('is refused with an octet of its signature value changed', async () => {
    const sealer = own.sealer();
    const broken = (bytes: Buffer): Buffer => {
      const signature = sealer.sign(bytes);
      signature[signature.length - 1] = (signature[signature.length - 1] ?? 0) ^ 1;
      return signature;
    };
    expect(await findingWith({ sign: broken })).toEqual({ state: 'unsound', reason: 'signature' });
  });

  it('is refused by a certificate that is revoked, for timestamps, an authority’s, or another than it names', async () => {
    const { services } = own;
    const root = new X509Certificate(services.rootPem);
    const sealed = new X509Certificate(services.seal.certificatePem);
    const serial = Buffer.from(sealed.serialNumber, 'hex');
    const crls = async (): Promise<Buffer[]> => [await services.crl(now, [serial])];
    expect(await findingWith({ crls, stamp: bareStamp })).toEqual({ state: 'unsound', reason: 'revoked' });
    const { certificate, privateKey } = services.good;
    const byAuthority = {
      sign: (bytes: Buffer) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'der' as const }),
    };
    expect(await findingWith({ chain: [certificate, root.raw], ...byAuthority })).toEqual({
      ...{ state: 'unsound', reason: 'certificate' },
    });
    expect(await findingWith({ chain: [certificate, root.raw] })).toEqual({ state: 'unsound', reason: 'signature' });
  });

  it('is refused without CRLs, without a timestamp, and as anything but DER of a CMS', async () => {
    expect(await findingWith({ crls: () => Promise.resolve([]), stamp: bareStamp })).toEqual({
      state: 'unsound',
      reason: 'crl',
    });
    expect(await findingWith({ crls: async () => [await other.services.crl(now)], stamp: bareStamp })).toMatchObject({
      ...{ state: 'unsound', reason: 'crl' },
    });
    const { signature, token } = await own.seal(members);
    for (const wrong of [Buffer.alloc(0), Buffer.from('a seal'), token, signature.subarray(1)]) {
      expect(await findingOf([{ signature: wrong, token }])).toMatchObject({ state: 'unsound' });
    }
  });

  it('is refused where its certificate was not valid at the proven time', async () => {
    const late = new Date(now.getTime() + 6 * 365 * DAY_MS);
    const { good } = own.services;
    const stamp = (digest: Buffer): Promise<Stamp> => own.stamp(digest, good, late);
    // The authority's certificate ends with it, so its timestamp is refused as well.
    expect(await findingWith({ stamp })).toMatchObject({ timestamp: { state: 'unsound', reason: 'certificate' } });
    const before = new Date(now.getTime() - 2 * DAY_MS);
    const early = (digest: Buffer): Promise<Stamp> => own.stamp(digest, good, before);
    expect(await findingWith({ stamp: early })).toMatchObject({
      timestamp: { state: 'unsound', reason: 'certificate' },
    });
  });

  it('may be followed by another, and each of them counts', async () => {
    const [first, second] = [await own.seal(members), await other.seal(members, 2)];
    expect(await findingOf([first, second])).toMatchObject({ state: 'sound' });
    expect(await findingOf([first, second], other.trust)).toMatchObject({ state: 'sound' });
    expect(await findingOf([first, second], none)).toMatchObject({ state: 'untrusted' });
    const wrong = await other.seal(members, 1);
    expect(await findingOf([first, wrong])).toEqual({ state: 'unsound', reason: 'digest' });
  });

  it('is verified in the same way over any bytes, such as the manifest of an export', async () => {
    const content = manifestOf(members, 1);
    const { signature, token } = await own.seal(members);
    expect(verifyDetachedSeal({ content, signature, token }, own.trust)).toMatchObject({ state: 'sound' });
    expect(verifyDetachedSeal({ content: Buffer.from('x'), signature, token }, own.trust)).toEqual({
      ...{ state: 'unsound', reason: 'digest' },
    });
  });
});
