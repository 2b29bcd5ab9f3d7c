import { randomBytes } from 'node:crypto';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { bitString, integer, sequence, smallInteger } from '../pki/der.ts';
import type { TimestampRequest } from './timestamp-request.ts';
import { makeToken, timestampPolicy } from './timestamp-token.ts';
import type { Signer, TrustServices } from './trust-services.ts';
import type { TsaScenario } from './tsa-scenarios.ts';

/** A TimeStampResp for `request`, as the scenario has it. @see RFC 3161 §2.4.2 */
export async function answerRequest(
  request: TimestampRequest | undefined,
  scenario: TsaScenario,
  services: TrustServices,
  now: Date,
): Promise<Buffer> {
  if (!request) return rejection(BAD_REQUEST);
  if (scenario === 'rejected') return rejection(SYSTEM_FAILURE);
  const signer = signerOf(scenario, services);
  const withCertificate = request.wantsCertificate && scenario !== 'no-certificate';
  const token = await makeToken(
    {
      imprint: scenario === 'imprint' ? otherDigest(request.imprint) : request.imprint,
      nonce: nonceOf(request, scenario),
      time: timeOf(scenario, now),
      certificates: withCertificate ? [signer.certificate] : [],
      crls: [await services.crl(now)],
      policy: scenario === 'policy' ? `${timestampPolicy}.9` : timestampPolicy,
      onlySha1: scenario === 'sha1-certificate-id',
      brokenSignature: scenario === 'broken-signature',
    },
    signer,
  );
  return sequence(sequence(smallInteger(0)), token);
}

const BAD_REQUEST = 2;
const SYSTEM_FAILURE = 25;

/** Status rejection with one bit of PKIFailureInfo. */
function rejection(bit: number): Buffer {
  const octets = Buffer.alloc((bit >> 3) + 1);
  octets[bit >> 3] = 0x80 >> (bit & 7);
  return sequence(sequence(smallInteger(2), bitString(octets, 7 - (bit & 7))));
}

function signerOf(scenario: TsaScenario, { good, bad }: TrustServices): Signer {
  switch (scenario) {
    case 'eku-not-critical':
      return bad.ekuNotCritical;
    case 'eku-not-sole':
      return bad.ekuNotSole;
    case 'foreign':
    case 'revoked':
    case 'expired':
      return bad[scenario];
    default:
      return good;
  }
}

function otherDigest(imprint: Buffer): Buffer {
  const other = Buffer.from(imprint);
  other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
  return other;
}

function nonceOf({ nonce }: TimestampRequest, scenario: TsaScenario): Buffer | undefined {
  if (scenario === 'no-nonce') return undefined;
  return scenario === 'nonce' ? integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])) : nonce;
}

function timeOf(scenario: TsaScenario, now: Date): Date {
  const days = scenario === 'time-ahead' ? 1 : scenario === 'time-behind' ? -1 : 0;
  return new Date(now.getTime() + days * DAY_MS);
}
