import { createPrivateKey, X509Certificate } from 'node:crypto';
import { sampleMembers, Sealing } from '../../test/support/seals/sealing.ts';
import { manifestOf } from '../bundle/container.ts';
import { verifyDetachedSeal } from '../bundle/verify-seal.ts';
import { ConfigError, type AppConfig } from '../config/config.ts';
import { parseCertificate } from '../crypto/x509/certificate.ts';
import { DAY_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import type { Crls } from '../timestamps/crls.ts';
import type { Timestamps } from '../timestamps/timestamps.ts';
import { Seals } from './seals.ts';

const now = new Date('2026-12-01T12:00:00Z');
const manifest = manifestOf(sampleMembers, 1);
const unavailable = (): Promise<never> =>
  Promise.reject(new DomainError('service.unavailable', { log: 'no answer', retryAfterSeconds: 60 }));

describe('the seals of an installation', () => {
  let sealing: Sealing;
  beforeAll(async () => {
    sealing = await Sealing.open(now);
  });

  const pem = (certificate: string): Buffer => new X509Certificate(certificate).raw;
  const chain = (): readonly [Buffer, Buffer] => [
    pem(sealing.services.seal.certificatePem),
    pem(sealing.services.rootPem),
  ];
  const keys = (): SigningKeys => {
    const jwk = createPrivateKey(sealing.services.seal.keyPem).export({ format: 'jwk' });
    return new SigningKeys([{ kid: 's1', alg: 'ES256', purpose: 'seals', privateJwk: new Secret(jwk) }]);
  };
  /** An authority whose tokens bring no CRL, so that it is fetched. */
  const timestamps = (): Timestamps['stamp'] => async (digest) => {
    const { token } = await sealing.stamp(digest);
    const { certificate } = sealing.services.good;
    const path = [parseCertificate(certificate), parseCertificate(pem(sealing.services.rootPem))] as const;
    return { token, path, revocation: 'unknown' } as unknown as Awaited<ReturnType<Timestamps['stamp']>>;
  };
  const seals = (
    changes: { seal?: AppConfig['seal']; stamp?: Timestamps['stamp']; crlsOf?: Crls['crlsOf']; at?: Date } = {},
  ): Seals => {
    const { stamp = timestamps(), crlsOf = async () => [await sealing.services.crl(now)], at = now } = changes;
    const seal = 'seal' in changes ? changes.seal : { chain: chain() };
    const clock = { now: () => at };
    return new Seals({ seal } as AppConfig, keys(), { stamp } as Timestamps, { crlsOf } as Crls, clock);
  };

  it('are sound, and bring the CRLs of their own certificate and of their timestamp’s', async () => {
    const asked: number[] = [];
    const made = seals({
      crlsOf: async (path) => {
        asked.push(path.length);
        return [await sealing.services.crl(now)];
      },
    });
    const { seal, at } = await made.seal(manifest);
    expect(verifyDetachedSeal({ content: manifest, ...seal }, sealing.trust)).toMatchObject({
      state: 'sound',
      claimedTime: '2026-12-01T12:00:00.000Z',
      timestamp: { state: 'sound' },
    });
    expect({ at, asked }).toEqual({ at: now, asked: [2, 2] });
  });

  it('are not offered without a certificate', async () => {
    await expect(seals({ seal: undefined }).seal(manifest)).rejects.toMatchObject({ code: 'evidence.no-bundle' });
  });

  it('wait while no timestamp or CRL is to be had, and the log says which', async () => {
    const refused = { code: 'evidence.not-sealable', message: 'no answer', retryAfterSeconds: 60 };
    await expect(seals({ stamp: unavailable }).seal(manifest)).rejects.toMatchObject(refused);
    await expect(seals({ crlsOf: unavailable }).seal(manifest)).rejects.toMatchObject(refused);
  });

  it('are not made by a certificate that has expired or is not valid yet', async () => {
    for (const days of [-2, 6 * 365]) {
      const at = new Date(now.getTime() + days * DAY_MS);
      await expect(seals({ at }).seal(manifest)).rejects.toMatchObject({ code: 'evidence.not-sealable' });
    }
  });

  it('are refused at the start by a certificate for something else', () => {
    const [, root] = chain();
    const authority = { chain: [sealing.services.good.certificate, root] as const };
    expect(() => seals({ seal: authority })).toThrow(ConfigError);
    expect(() => seals({ seal: authority })).toThrow(/key usage is not for seals/);
    expect(() => seals({ seal: { chain: [Buffer.from('x')] } })).toThrow(/cannot be used/);
  });
});
