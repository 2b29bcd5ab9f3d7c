import { hash } from 'node:crypto';
import fc from 'fast-check';
import { readTimestampRequest } from '../../../simulator/tsa/timestamp-request.ts';
import { answerRequest } from '../../../simulator/tsa/timestamping-authority.ts';
import { timestampPolicy } from '../../../simulator/tsa/timestamp-token.ts';
import { openTrustServices, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import type { TsaScenario } from '../../../simulator/tsa/tsa-scenarios.ts';
import { attempt } from '../malformed.ts';
import { parsePemCertificates, type Certificate } from '../x509/certificate.ts';
import { crlUrls, parseCrl } from '../x509/crl.ts';
import { writeRequest } from './request.ts';
import { readResponse } from './response.ts';
import { TimestampError } from './timestamp-error.ts';
import { verifyToken, type TokenExpectation } from './verify-token.ts';

const now = new Date('2026-11-22T08:00:00Z');
const imprint = { algorithm: 'sha256', digest: hash('sha256', 'a checkpoint', 'buffer') } as const;
const nonce = Buffer.from('8000000000000001', 'hex');
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);

let services: TrustServices;
let trust: readonly Certificate[];
let expected: TokenExpectation;

beforeAll(async () => {
  services = await openTrustServices(undefined, now, 'http://localhost/tsa/crl');
  trust = parsePemCertificates(services.rootPem);
  expected = { imprint, nonce, trust, policies: [timestampPolicy], within: { from: now, to: minutes(0) } };
});

async function stamp(scenario: TsaScenario = 'good', at = now): Promise<Buffer> {
  const request = readTimestampRequest(writeRequest(imprint, nonce));
  return readResponse(await answerRequest(request, scenario, services, at));
}

function reasonOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof TimestampError) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('a timestamp', () => {
  it('is accepted with its time, its accuracy and the name of its authority', async () => {
    expect(verifyToken(await stamp(), expected)).toMatchObject({
      time: now,
      accuracyMs: 1000,
      policy: timestampPolicy,
      authority: 'Simulated Time Stamping Authority v1 Test',
      revocation: 'good',
    });
  });

  it.each([
    ['imprint', 'imprint'],
    ['nonce', 'nonce'],
    ['no-nonce', 'nonce'],
    ['policy', 'policy'],
    ['eku-not-critical', 'eku'],
    ['eku-not-sole', 'eku'],
    ['time-ahead', 'time'],
    ['time-behind', 'time'],
    ['foreign', 'path'],
    ['revoked', 'revoked'],
    ['expired', 'certificate'],
    ['no-certificate', 'certificate'],
    ['sha1-certificate-id', 'certificate'],
    ['broken-signature', 'signature'],
  ] as const)('of the scenario %s is refused for its %s', async (scenario, reason) => {
    const token = await stamp(scenario);
    expect(reasonOf(() => verifyToken(token, expected))).toBe(reason);
  });

  it('that the authority refused to make is none', async () => {
    const request = readTimestampRequest(writeRequest(imprint, nonce));
    const rejection = await answerRequest(request, 'rejected', services, now);
    expect(reasonOf(() => readResponse(rejection))).toBe('status');
    expect(reasonOf(() => readResponse(Buffer.from('<html>')))).toBe('format');
  });

  it('is accepted a minute off the request, and refused two minutes off', async () => {
    const token = await stamp('good', minutes(1));
    expect(verifyToken(token, expected).time).toEqual(minutes(1));
    const late = await stamp('good', minutes(2));
    expect(reasonOf(() => verifyToken(late, expected))).toBe('time');
  });

  it('of years ago is accepted by its own time, when its certificate was valid', async () => {
    const token = await stamp();
    const { expires } = verifyToken(token, { imprint, trust });
    expect(expires.getUTCFullYear()).toBe(2031);
  });

  it('is refused when another CRL revokes its certificate, or when its CRL is broken', async () => {
    const token = await stamp();
    const revoking = await services.crl(minutes(60), [services.good.serial]);
    expect(reasonOf(() => verifyToken(token, { ...expected, crls: [revoking] }))).toBe('revoked');
    const broken = Buffer.from(revoking);
    broken[broken.length - 1]! ^= 1;
    expect(reasonOf(() => verifyToken(token, { ...expected, crls: [broken] }))).toBe('format');
  });

  it('is refused when its trust is a certificate with the same name and another key', async () => {
    const other = await openTrustServices(undefined, now, 'http://localhost/tsa/crl');
    const token = await stamp();
    expect(reasonOf(() => verifyToken(token, { ...expected, trust: parsePemCertificates(other.rootPem) }))).toBe(
      'path',
    );
  });

  it('is refused after any change of a bit, wherever it is', async () => {
    const token = await stamp();
    const accepted: number[] = [];
    for (let index = 0; index < token.length; index++) {
      const mutated = Buffer.from(token);
      mutated[index]! ^= 1 << (index % 8);
      if (reasonOf(() => verifyToken(mutated, expected)) === 'accepted') accepted.push(index);
    }
    expect(accepted).toEqual([]);
  });

  it('is refused with a reason, and never crashes its reader, after any changes, insertions and cuts', async () => {
    const token = await stamp();
    const crl = await services.crl(now);
    const mutated = (source: Buffer): fc.Arbitrary<Buffer> =>
      fc
        .array(fc.tuple(fc.nat(source.length - 1), fc.nat(2), fc.uint8Array({ maxLength: 4 })), {
          minLength: 1,
          maxLength: 4,
        })
        .map((changes) =>
          changes.reduce((bytes, [at, cut, put]) => {
            return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
          }, source),
        );
    const isRefused = (bytes: Buffer): boolean =>
      bytes.equals(token) || reasonOf(() => verifyToken(bytes, expected)) !== 'accepted';
    fc.assert(fc.property(mutated(token), isRefused), { numRuns: 1000 });
    fc.assert(fc.property(fc.uint8Array(), (bytes) => isRefused(Buffer.from(bytes))));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => reasonOf(() => readResponse(bytes)) !== 'accepted'));
    fc.assert(fc.property(mutated(crl), (der) => void attempt(() => parseCrl(der))));
  });

  it('is refused when anything is appended or cut off', async () => {
    const token = await stamp();
    for (const bytes of [Buffer.concat([token, Buffer.from([0])]), token.subarray(0, -1), Buffer.alloc(0)]) {
      expect(reasonOf(() => verifyToken(bytes, expected))).toBe('format');
    }
  });
});

describe('a CRL', () => {
  it('lists the revoked serial numbers with their reason', async () => {
    const { revoked, nextUpdate } = parseCrl(await services.crl(now));
    expect(revoked).toEqual([expect.objectContaining({ serial: services.bad.revoked.serial, reason: 1 })]);
    expect(nextUpdate).toEqual(minutes(24 * 60));
  });

  it('is found at the address that the certificate names', async () => {
    const [certificate] = verifyToken(await stamp(), expected).path;
    expect(crlUrls(certificate.extensions.all)).toEqual(['http://localhost/tsa/crl']);
  });
});
