import { createPrivateKey, hash, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromPem, toPem } from '../../../simulator/pki/pem.ts';
import { readTimestampRequest } from '../../../simulator/tsa/timestamp-request.ts';
import { answerRequest } from '../../../simulator/tsa/timestamping-authority.ts';
import { openTrustServices, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import type { TsaScenario } from '../../../simulator/tsa/tsa-scenarios.ts';
import { CmsError } from '../../../src/crypto/cms/cms-error.ts';
import { addUnsigned, createSignature } from '../../../src/crypto/cms/create-signature.ts';
import { parseSignedData } from '../../../src/crypto/cms/signed-data.ts';
import { verifySigner } from '../../../src/crypto/cms/verify-signer.ts';
import { oids } from '../../../src/crypto/asn1/oids.ts';
import { writeRequest } from '../../../src/crypto/tsp/request.ts';
import { readResponse } from '../../../src/crypto/tsp/response.ts';
import { TimestampError } from '../../../src/crypto/tsp/timestamp-error.ts';
import { verifyToken } from '../../../src/crypto/tsp/verify-token.ts';
import { parsePemCertificates } from '../../../src/crypto/x509/certificate.ts';
import { seeded } from './support/mutations.ts';
import { OpensslAuthority } from './support/openssl-authority.ts';
import { describeWith, inPairs, run, workFolder, type Judgement } from './support/tools.ts';

const folder = workFolder();
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const now = new Date('2026-11-22T08:00:00Z');
const AT = String(now.getTime() / 1000);
const content = Buffer.from('<ASiCManifest/>');
const imprint = { algorithm: 'sha256', digest: hash('sha256', content, 'buffer') } as const;
const nonce = Buffer.from('8000000000000001', 'hex');
const query = writeRequest(imprint, nonce);
const random = seeded(3161);

let services: TrustServices;
beforeAll(async () => {
  services = await openTrustServices(undefined, now, 'http://localhost/tsa/crl');
  // OpenSSL finds the CRL beside the root that it trusts.
  file('trust.pem', services.rootPem + toPem('X509 CRL', await services.crl(now)));
});

const judged = ({ code }: { readonly code: number }): Judgement => (code === 0 ? 'accept' : 'refuse');

function judgeOf(check: () => unknown): Judgement {
  try {
    check();
    return 'accept';
  } catch (error) {
    if (error instanceof TimestampError || error instanceof CmsError) return 'refuse';
    throw error;
  }
}

describeWith('openssl', 'openssl ts', () => {
  const stamp = async (scenario: TsaScenario): Promise<Buffer> =>
    readResponse(await answerRequest(readTimestampRequest(query), scenario, services, now));

  const ours = (token: Buffer): Judgement =>
    judgeOf(() => {
      const trust = parsePemCertificates(services.rootPem);
      const within = { from: now, to: now };
      return verifyToken(token, { imprint, nonce, trust, policies: ['2.999.3161.1'], within });
    });

  const theirs = async (token: Buffer, index = 0): Promise<Judgement> => {
    const paths = ['-queryfile', file('query.tsq', query), '-in', file(`${index}.tst`, token), '-token_in'];
    const trust = ['-CAfile', join(folder, 'trust.pem'), '-crl_check', '-attime', AT];
    return judged(await run('openssl', 'ts', '-verify', ...paths, ...trust));
  };

  it('reads our request', async () => {
    const { output } = await run('openssl', 'ts', '-query', '-in', file('query.tsq', query), '-text');
    expect(output).toMatch(/Hash Algorithm: sha256[\s\S]*Nonce: 0x8000000000000001[\s\S]*Certificate required: yes/);
  });

  it.each([
    'good',
    'imprint',
    'nonce',
    'no-nonce',
    'eku-not-critical',
    'eku-not-sole',
    'foreign',
    'revoked',
    'expired',
    'no-certificate',
    'broken-signature',
  ] as const)('agrees with our verdict on a token of the scenario %s', async (scenario) => {
    const token = await stamp(scenario);
    const expected = scenario === 'good' ? 'accept' : 'refuse';
    expect([ours(token), await theirs(token)]).toEqual([expected, expected]);
  });

  // It knows neither our clock nor our policies, and follows RFC 5816 in accepting SHA-1.
  it.each(['policy', 'time-ahead', 'time-behind', 'sha1-certificate-id'] as const)(
    'accepts what we refuse by rules of our own: %s',
    async (scenario) => {
      const token = await stamp(scenario);
      expect([ours(token), await theirs(token)]).toEqual(['refuse', 'accept']);
    },
  );

  it('makes tokens that we verify, by RSA and over a chain, with all that a token can say', async () => {
    const other = await OpensslAuthority.make(folder);
    const from = new Date();
    const token = readResponse(await other.answer(query));
    const trust = parsePemCertificates(other.rootPem);
    const within = { from, to: new Date() };
    const verified = verifyToken(token, { imprint, nonce, trust, policies: ['2.999.2'], within });
    expect(verified).toMatchObject({ accuracyMs: 1501, authority: 'authority', revocation: 'unknown' });
    expect(verified.path).toHaveLength(3);
    expect(judgeOf(() => verifyToken(token, { imprint, trust: trust.slice(1) }))).toBe('refuse');
  });

  it('may accept a token with a changed bit, in what no signature covers; we do not', async () => {
    const token = await stamp('good');
    const changed = Array.from({ length: 100 }, () => {
      const other = Buffer.from(token);
      const at = random(token.length);
      other[at] = other[at]! ^ (1 << random(8));
      return other;
    });
    expect(changed.map(ours)).toEqual(changed.map(() => 'refuse'));
    const theirVerdicts = await inPairs(changed, theirs);
    expect(theirVerdicts.filter((verdict) => verdict === 'refuse').length).toBeGreaterThan(50);
  });
});

describeWith('openssl', 'openssl cms', () => {
  const seal = (): Promise<Buffer> =>
    services.crl(now).then((crl) =>
      createSignature({
        contentDigest: imprint.digest,
        scheme: { kind: 'ecdsa', hash: 'sha256' },
        sign: (bytes) => Promise.resolve(sign('sha256', bytes, createPrivateKey(services.seal.keyPem))),
        certificates: [fromPem(services.seal.certificatePem)],
        crls: [crl],
        signingTime: now,
      }),
    );

  const ours = (der: Buffer, signed: Buffer): Judgement => judgeOf(() => verifySigner(parseSignedData(der), signed));
  const theirs = async (der: Buffer, signed: Buffer): Promise<Judgement> => {
    const paths = ['-inform', 'DER', '-in', file('seal.p7s', der), '-content', file('content', signed)];
    const trust = ['-CAfile', join(folder, 'trust.pem'), '-crl_check', '-attime', AT, '-purpose', 'any', '-cades'];
    return judged(await run('openssl', 'cms', '-verify', '-binary', ...paths, ...trust, '-out', '/dev/null'));
  };

  it('verifies our seal as CAdES, also with an unsigned attribute', async () => {
    const der = await seal();
    const token = readResponse(await answerRequest(readTimestampRequest(query), 'good', services, now));
    const stamped = addUnsigned(der, { type: oids.signatureTimestamp, value: token });
    for (const each of [der, stamped])
      expect([ours(each, content), await theirs(each, content)]).toEqual(['accept', 'accept']);
  });

  it('refuses it over other content, and after a change of its value, as we do', async () => {
    const der = await seal();
    const other = Buffer.from('<ASiCManifest />');
    expect([ours(der, other), await theirs(der, other)]).toEqual(['refuse', 'refuse']);
    const changed = Buffer.from(der);
    changed[der.length - 3]! ^= 1;
    expect([ours(changed, content), await theirs(changed, content)]).toEqual(['refuse', 'refuse']);
  });
});
