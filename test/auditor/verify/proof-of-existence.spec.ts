import { createHash, randomBytes } from 'node:crypto';
import { readTimestampRequest } from '../../../simulator/tsa/timestamp-request.ts';
import { answerRequest } from '../../../simulator/tsa/timestamping-authority.ts';
import { openTrustServices, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import type { LedgerFinding } from '../../../src/bundle/findings.ts';
import { verifyLedgerProof } from '../../../src/bundle/proofs/verify-ledger-proof.ts';
import { formatProofFile } from '../../../src/crypto/tlog/proof-file.ts';
import { inclusionProof } from '../../../src/crypto/tlog/tiles.ts';
import { writeRequest } from '../../../src/crypto/tsp/request.ts';
import { readResponse } from '../../../src/crypto/tsp/response.ts';
import { parsePemCertificates } from '../../../src/crypto/x509/certificate.ts';
import { SmallLog, someEntries, type SmallHead } from '../../support/ledger/small-log.ts';
import { addMs, DAY_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { makeVector, producedAt } from '../../support/vectors/vector.ts';
import { bareReportOf, verdictOf, type Options } from '../../support/vectors/verify.ts';

const later = new Date('2030-01-01T00:00:00Z');
const provenAt = addMs(producedAt, DAY_MS);

describe('a timestamp over a head of the ledger', () => {
  const digest = someEntries(1, 4)[0]!;
  let services: TrustServices;
  let log: SmallLog;
  /** Of 3 leaves, which the digest is not among, and of 7. */
  let small: SmallHead;
  let head: SmallHead;

  beforeAll(async () => {
    services = await openTrustServices(undefined, provenAt, 'http://localhost/tsa/crl');
    log = new SmallLog('sigill.example/ledger/a');
    small = await log.grow(...someEntries(3));
    head = await log.grow(...someEntries(4, 3));
  });

  async function tokenOver({ note }: SmallHead): Promise<Buffer> {
    const imprint = { algorithm: 'sha256', digest: createHash('sha256').update(note).digest() } as const;
    const request = readTimestampRequest(writeRequest(imprint, randomBytes(8)));
    return readResponse(await answerRequest(request, 'good', services, provenAt));
  }

  /** What the proof of the digest, at index 4 of the tree of 7, is worth with this checkpoint and this token. */
  async function findingOf(
    checkpoint: string,
    token: Buffer,
    { rootPem } = services,
    of = digest,
  ): Promise<LedgerFinding> {
    const proof = await inclusionProof(log.read, 4, 7);
    const file = Buffer.from(formatProofFile({ index: 4, proof, checkpoint: Buffer.from(checkpoint) }));
    const timestamps = parsePemCertificates(rootPem);
    const trust = { keysOf: () => [log.key], kept: undefined, tilesOf: undefined, timestamps };
    return verifyLedgerProof({ proof: file, token }, of, trust);
  }

  it('dates each leaf below it, whatever witnesses added to the checkpoint', async () => {
    const dated = { state: 'sound', time: provenAt.toISOString() };
    const token = await tokenOver(head);
    expect(await findingOf(head.note, token)).toMatchObject({ number: 5, timestamp: dated });
    const witness = `\u2014 witness.example/w ${Buffer.alloc(76).toString('base64')}\n`;
    expect(await findingOf(head.note + witness, token)).toMatchObject({ number: 5, timestamp: dated });
  });

  it('dates no leaf that came after it, and no other evidence', async () => {
    const ofSmaller = await findingOf(small.note, await tokenOver(small));
    expect(ofSmaller).toEqual({ state: 'unsound', reason: 'proof' });
    const ofOther = await findingOf(head.note, await tokenOver(head), services, someEntries(1, 5)[0]);
    expect(ofOther).toEqual({ state: 'unsound', reason: 'proof' });
  });

  it('dates nothing as the token of another head, and is not trusted by an authority that was not given', async () => {
    const ofSmaller = await findingOf(head.note, await tokenOver(small));
    expect(ofSmaller).toMatchObject({ timestamp: { state: 'unsound', reason: 'imprint' } });
    const other = await openTrustServices(undefined, provenAt, 'http://localhost/tsa/crl');
    expect(await findingOf(head.note, await tokenOver(head), other)).toMatchObject({
      timestamp: { state: 'untrusted' },
    });
  });
});

describe('a signature whose responder has expired', () => {
  const strict = (options: Options): string =>
    verdictOf(bareReportOf(makeVector(), { policy: 'etsi-strict', ...options }));

  it('passes under etsi-strict with a timestamp from before, and under bankid without a warning', () => {
    expect(strict({ now: later })).toBe('INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE');
    expect(strict({ now: later, provenAt })).toBe('TOTAL-PASSED');
    const report = bareReportOf(makeVector(), { now: later, provenAt });
    expect(report.warnings).not.toContain('poe.responder-only');
    expect(report.checks.find(({ id }) => id === 'times')?.message).toBe('times.responder-expired-after-proof');
  });

  it('does not pass with a timestamp from after its responder had expired', () => {
    expect(strict({ now: later, provenAt: new Date('2029-12-31T00:00:00Z') })).toBe(
      'INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE',
    );
  });

  it.each(['bankid', 'etsi-strict'] as const)('is not older than its OCSP response under %s', (policy) => {
    const report = bareReportOf(makeVector(), { now: later, policy, provenAt: addMs(producedAt, -120 * SECOND_MS) });
    expect(verdictOf(report)).toBe('INDETERMINATE/TIMESTAMP_ORDER_FAILURE');
    expect(strict({ now: later, provenAt: addMs(producedAt, -30 * SECOND_MS) })).toBe('TOTAL-PASSED');
  });
});
