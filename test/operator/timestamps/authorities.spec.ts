import { hash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { fromPem } from '../../../simulator/pki/pem.ts';
import { openTrustServices } from '../../../simulator/tsa/trust-services.ts';
import { parseCertificate } from '../../../src/crypto/x509/certificate.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import { Crls } from '../../../src/timestamps/crls.ts';
import { TestAuthority } from '../../support/timestamps/test-authority.ts';

const digest = hash('sha256', 'a checkpoint', 'buffer');

let authority: TestAuthority;

beforeAll(async () => {
  Logger.overrideLogger(false);
  authority = await TestAuthority.start();
});
beforeEach(() => {
  authority.asked = [];
});
afterAll(() => authority.stop());

describe('a timestamp', () => {
  it('is by the first authority, and verifies later under its trust', async () => {
    const stamps = authority.timestamps('good', 'down');
    const { token, time } = await stamps.stamp(digest);
    expect(authority.asked).toEqual(['good']);
    authority.passMinutes(600);
    expect(stamps.verify(token, digest)).toMatchObject({
      time,
      authority: 'Simulated Time Stamping Authority v1 Test',
    });
    expect(() => stamps.verify(token, hash('sha256', 'another', 'buffer'))).toThrow('something else');
  });

  it.each(['down', 'dropped', 'slow', 'redirect', 'too-large', 'not-der', 'rejected'] as const)(
    'is by the next authority when the first is %s, which is asked again next time',
    async (scenario) => {
      const stamps = authority.timestamps(scenario, 'good');
      await stamps.stamp(digest);
      await stamps.stamp(digest);
      expect(authority.asked).toEqual([scenario, 'good', scenario, 'good']);
    },
  );

  it.each([
    'imprint',
    'nonce',
    'no-nonce',
    'policy',
    'eku-not-critical',
    'eku-not-sole',
    'time-ahead',
    'time-behind',
    'foreign',
    'revoked',
    'expired',
    'no-certificate',
    'sha1-certificate-id',
    'broken-signature',
  ] as const)('is by the next authority when the first lies (%s), which is not asked for an hour', async (scenario) => {
    const stamps = authority.timestamps(scenario, 'good');
    await stamps.stamp(digest);
    authority.passMinutes(59);
    await stamps.stamp(digest);
    expect(authority.asked).toEqual([scenario, 'good', 'good']);
    authority.passMinutes(1);
    await stamps.stamp(digest);
    expect(authority.asked.slice(3)).toEqual([scenario, 'good']);
  });

  it('is by an authority that seemed to lie while our clock was ahead, as soon as it is set back', async () => {
    const stamps = authority.timestamps('imprint', 'good');
    authority.passMinutes(60 * 24 * 30);
    await stamps.stamp(digest);
    authority.passMinutes(-60 * 24 * 30);
    await stamps.stamp(digest);
    expect(authority.asked).toEqual(['imprint', 'good', 'imprint', 'good']);
  });

  it('is refused for now when no authority answers rightly, and counted', async () => {
    const before = await authority.metrics.readCounter('sigill_timestamps_total', countedAs('wrong'));
    const error = await authority
      .timestamps('down', 'imprint')
      .stamp(digest)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'service.unavailable' });
    expect(await authority.metrics.readCounter('sigill_timestamps_total', countedAs('wrong'))).toBe(before + 1);
  });
});

const countedAs = (outcome: string): { authority: string; outcome: string } => ({
  authority: authority.origin.slice('http://'.length),
  outcome,
});

describe('the CRL of a seal', () => {
  const pathOf = (certificate: Buffer) =>
    [certificate, fromPem(authority.services.rootPem)].map((der) => parseCertificate(der));

  it('is fetched from where the certificate says, and again only after its next update', async () => {
    const crls = new Crls(authority.client(), authority.clock);
    const path = pathOf(fromPem(authority.services.seal.certificatePem));
    const [first] = await crls.crlsOf(path);
    authority.passMinutes(23 * 60);
    expect(await crls.crlsOf(path)).toEqual([first]);
    expect(authority.asked).toEqual(['crl']);
    authority.passMinutes(61);
    expect(await crls.crlsOf(path)).not.toEqual([first]);
    expect(authority.asked).toEqual(['crl', 'crl']);
  });

  it('stops the seal when it revokes the certificate, does not hold, or is not there', async () => {
    const crls = new Crls(authority.client(), authority.clock);
    const refusal = (path: ReturnType<typeof pathOf>): Promise<unknown> =>
      crls.crlsOf(path).then(
        () => undefined,
        (error: unknown) => (error as DomainError).log,
      );
    expect(await refusal(pathOf(authority.services.bad.revoked.certificate))).toMatch(/is revoked/);
    const [seal] = pathOf(fromPem(authority.services.seal.certificatePem));
    const other = await openTrustServices(undefined, authority.now, `${authority.origin}/tsa/crl`);
    expect(await refusal([seal!, parseCertificate(fromPem(other.rootPem))])).toMatch(/not signed by the issuer/);
    const [root] = pathOf(fromPem(authority.services.rootPem));
    expect(await refusal([root!, root!])).toMatch(/names no CRL/);
    const away = await openTrustServices(undefined, authority.now, 'http://127.0.0.1:9/crl');
    expect(await refusal(pathOf(fromPem(away.seal.certificatePem)))).toMatch(/cannot be fetched/);
  });
});
