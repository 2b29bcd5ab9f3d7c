import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readTimestampRequest } from '../../../simulator/tsa/timestamp-request.ts';
import { answerRequest } from '../../../simulator/tsa/timestamping-authority.ts';
import { openTrustServices, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import type { LedgerFinding } from '../../../src/bundle/findings.ts';
import { verifyLedgerProof } from '../../../src/bundle/proofs/verify-ledger-proof.ts';
import { makeBundleTrust, noTrust } from '../../../src/bundle/trust.ts';
import { leafHash } from '../../../src/crypto/tlog/merkle.ts';
import { signNote } from '../../../src/crypto/tlog/note.ts';
import { formatProofFile } from '../../../src/crypto/tlog/proof-file.ts';
import { inclusionProof } from '../../../src/crypto/tlog/tiles.ts';
import { formatVerifierKey, verifierKey } from '../../../src/crypto/tlog/verifier-key.ts';
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

describe('a proof from a ledger', () => {
  const keys = generateKeyPairSync('ed25519');
  const [digest] = someEntries(1) as [Buffer];
  const own = 'sigill.example/ledger/a';
  const other = 'sigill.example/ledger/b';

  /** Of a log with one leaf, in whose checkpoint the key of the installation signed under this name. */
  async function findingOf(origin: string, name = origin): Promise<LedgerFinding> {
    const key = verifierKey(name, keys.publicKey);
    const text = `${origin}\n1\n${leafHash(digest).toString('base64')}\n`;
    const checkpoint = Buffer.from(
      await signNote(text, { key, sign: (octets) => sign(null, octets, keys.privateKey) }),
    );
    const proof = Buffer.from(formatProofFile({ index: 0, proof: [], checkpoint }));
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const given = { ledgerKeys: [formatVerifierKey(verifierKey(own, keys.publicKey))], ownLedgers: [] };
    const atServer = { ledgerKeys: [], ownLedgers: [{ prefix: 'sigill.example/ledger/', publicKey }] };
    const [trust, serverTrust] = [given, atServer].map((keys) => makeBundleTrust({ ...noTrust, ...keys }).ledger);
    const findings = [trust!, serverTrust!].map((each) => verifyLedgerProof({ proof, token: undefined }, digest, each));
    const [finding, atOwnServer] = await Promise.all(findings);
    if (origin === own) expect(atOwnServer).toEqual(finding);
    return finding!;
  }

  it('is signed by the key of its own log', async () => {
    expect(await findingOf(own)).toMatchObject({ state: 'exporters-word', signedBy: [own] });
  });

  it('of another log is not signed by the key that was given, though both logs have one key', async () => {
    expect(await findingOf(other)).toEqual({ state: 'unsound', reason: 'key' });
    expect(await findingOf(other, own)).toEqual({ state: 'unsound', reason: 'key' });
  });

  it('proves no evidence behind a checkpoint that is older, unless a given key signed the newer one', async () => {
    const log = new SmallLog(own);
    const older = await log.grow(...someEntries(2, 1));
    const head = await log.grow(digest);
    const file = await log.proofFile(2);
    const stateOf = async (kept: SmallHead, ...ledgerKeys: readonly string[]): Promise<unknown> => {
      const { ledger } = makeBundleTrust({ ...noTrust, ledgerKeys, kept: kept.note }, () => log.read);
      return verifyLedgerProof({ proof: file, token: undefined }, digest, ledger);
    };
    expect(await stateOf(older)).toMatchObject({ state: 'exporters-word', reason: 'not-covered' });
    expect(await stateOf(older, log.vkey)).toMatchObject({ state: 'proved', keptSize: 2 });
    expect(await stateOf(head)).toMatchObject({ state: 'proved', keptSize: 3 });
    await log.grow(...someEntries(1, 7));
    expect(await stateOf(await log.grow(...someEntries(1, 8)))).toMatchObject({ state: 'proved', keptSize: 5 });
  });

  it('with an origin that can name no key is malformed, and stops no verifier', async () => {
    expect(await findingOf('sigill.example/ledger/a b', own)).toEqual({ state: 'unsound', reason: 'format' });
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
