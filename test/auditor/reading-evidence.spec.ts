import { randomBytes } from 'node:crypto';
import { AuditTrail } from '../../src/audit/audit-trail.ts';
import { findChainFaults } from '../../src/audit/check-chain.ts';
import { BundleReads } from '../../src/compliance/bundles/bundle-reads.ts';
import { EvidenceBundles } from '../../src/compliance/bundles/evidence-bundles.ts';
import { Reseals } from '../../src/compliance/reseals.ts';
import { EvidenceReads } from '../../src/compliance/read/evidence-reads.ts';
import { readBundle } from '../../src/bundle/read-bundle.ts';
import { KeptBundles } from '../../src/evidence/kept-bundles.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Seals } from '../../src/seals/seals.ts';
import { parseReadingPurpose } from '../../src/uploads/purpose.ts';
import { newConsentId, type ClientId } from '../../src/kernel/ids.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import type { Caller } from '../../src/client-auth/access.ts';
import { EvidenceSteps } from '../support/evidence/evidence-steps.ts';

const caller = (role: Caller['role'], bank: string | undefined): Caller => ({
  clientId: `${role}-of-${bank ?? 'nobody'}` as ClientId,
  name: 'x',
  role,
  bank: bank as ClientId | undefined,
  consentId: undefined,
  loginId: undefined,
});
const auditor = caller('auditor', 'bank-a');
const purpose = parseReadingPurpose('dispute');

/** With a ledger and seals of this test: those of the service need workers, and an authority that answers. */
function bundlesOf(steps: EvidenceSteps, trail = steps.trail): EvidenceBundles {
  const covered = { index: 0, proof: [], checkpoint: 'a checkpoint\n' };
  const ledger = { findCovered: () => Promise.resolve(covered) } as unknown as Ledger;
  const seal = () => ({ signature: randomBytes(64), token: randomBytes(64) });
  const seals = {
    checkConfigured: () => undefined,
    seal: () => Promise.resolve({ seal: seal(), at: steps.clock.now() }),
  } as unknown as Seals;
  return new EvidenceBundles(steps.get(KeptBundles), ledger, seals, trail, steps.database.database);
}

describe('reading evidence', () => {
  let steps: EvidenceSteps;
  let reads: EvidenceReads;
  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    reads = steps.get(EvidenceReads);
  }, 120_000);
  afterAll(() => steps.stop());

  it('gives a bank and its auditor the list, the evidence and today’s verdict, and each reading is audited', async () => {
    const accepted = await steps.accept();
    const list = await reads.listEvidence(accepted.consentId, caller('bank', 'bank-a'), purpose);
    expect(list).toMatchObject({ evidence: [{ evidenceId: accepted.evidenceId, kind: 'accepted' }] });
    expect(JSON.stringify(list)).not.toContain(accepted.completion.personalNumber);
    expect(await reads.readEvidence(accepted.evidenceId, auditor, purpose)).toMatchObject({
      signature: accepted.completion.signature,
      ocspResponse: accepted.completion.ocspResponse,
      evidenceDigest: accepted.digest.toString('base64url'),
      consent: accepted.consentJson,
    });
    expect(await reads.verifyEvidence(accepted.evidenceId, auditor, purpose)).toMatchObject({
      indication: 'TOTAL-PASSED',
      matches: 'yes',
    });
    const subject = consentSubject(accepted.bank, accepted.consentId);
    const events = await steps.trail.listEvents(subject);
    expect(findChainFaults(events)).toEqual([]);
    expect(events.map(({ event }) => JSON.parse(event) as unknown)).toMatchObject([
      { type: 'consent.authorised' },
      { type: 'evidence.listed', actor: 'bank-of-bank-a', detail: { purpose: 'dispute' } },
      { type: 'evidence.read', actor: 'auditor-of-bank-a', detail: { evidenceId: accepted.evidenceId } },
      { type: 'evidence.verified', detail: { indication: 'TOTAL-PASSED', purpose: 'dispute' } },
    ]);
  });

  it('answers another bank, its auditor, and a caller without a bank as if there were nothing', async () => {
    const accepted = await steps.accept();
    for (const foreign of [caller('bank', 'bank-b'), caller('auditor', 'bank-b'), caller('tpp', undefined)]) {
      for (const reading of [
        reads.listEvidence(accepted.consentId, foreign, purpose),
        reads.readEvidence(accepted.evidenceId, foreign, purpose),
        reads.verifyEvidence(accepted.evidenceId, foreign, purpose),
        reads.listEvidence(newConsentId(), foreign, purpose),
      ]) {
        await expect(reading).rejects.toMatchObject({ code: 'evidence.not-found' });
      }
    }
    const events = await steps.trail.listEvents(consentSubject(accepted.bank, accepted.consentId));
    expect(events.map(({ event }) => JSON.parse(event) as unknown)).toMatchObject([{ type: 'consent.authorised' }]);
  });

  it('answers nothing when the reading cannot be written down', async () => {
    const accepted = await steps.accept();
    const broken = { appendStandalone: () => Promise.reject(new Error('no trail')) } as unknown as AuditTrail;
    const unaudited = new EvidenceReads(steps.store, steps.verification, broken, steps.database.database, steps.clock);
    await expect(unaudited.readEvidence(accepted.evidenceId, auditor, purpose)).rejects.toThrow('no trail');
    await expect(unaudited.listEvidence(accepted.consentId, auditor, purpose)).rejects.toThrow('no trail');
    await expect(unaudited.verifyEvidence(accepted.evidenceId, auditor, purpose)).rejects.toThrow('no trail');
  });

  it('gives the one bundle that was kept to all who ask for it at the same time', async () => {
    const accepted = await steps.accept();
    const bundles = bundlesOf(steps);
    const evidence = await steps.store.getEvidence(accepted.evidenceId, accepted.bank);
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => bundles.bundleOf(evidence)));
    expect(others.every((other) => other.equals(first!))).toBe(true);
    const events = await steps.trail.listEvents(consentSubject(accepted.bank, accepted.consentId));
    const types = events.map(({ event }) => (JSON.parse(event) as { readonly type: string }).type);
    expect(types).toEqual(['consent.authorised', 'evidence.sealed']);
  });

  it('keeps no bundle whose sealing cannot be written down, and makes it anew', async () => {
    const accepted = await steps.accept();
    const broken = { appendEvent: () => Promise.reject(new Error('no trail')) } as unknown as AuditTrail;
    const evidence = await steps.store.getEvidence(accepted.evidenceId, accepted.bank);
    await expect(bundlesOf(steps, broken).bundleOf(evidence)).rejects.toThrow('no trail');
    expect(await steps.get(KeptBundles).findParts(evidence)).toEqual([]);
    expect((await readBundle(await bundlesOf(steps).bundleOf(evidence))).fault).toBeUndefined();
  });

  it('erases a bundle with the evidence, and gives it no further seal', async () => {
    const accepted = await steps.accept();
    const evidence = await steps.store.getEvidence(accepted.evidenceId, accepted.bank);
    await bundlesOf(steps).bundleOf(evidence);
    const subject = consentSubject(accepted.bank, accepted.consentId);
    await steps.database.asOwner('delete from data_key where subject = $1', [subject]);
    await expect(bundlesOf(steps).bundleOf(evidence)).rejects.toMatchObject({ code: 'evidence.not-found' });
    const current = { checkConfigured: () => undefined, isCurrent: () => true } as unknown as Seals;
    const summary = await new Reseals(steps.get(KeptBundles), current, steps.trail, steps.database.database).run('eva');
    expect(summary).toMatchObject({ resealed: 0, erased: 1 });
    expect(JSON.stringify(await steps.trail.listEvents(subject))).not.toContain('evidence.resealed');
  });

  it('has no bundle of evidence that no head of the ledger has', async () => {
    const accepted = await steps.accept();
    const reading = steps.get(BundleReads).readBundle(accepted.evidenceId, auditor, purpose);
    await expect(reading).rejects.toMatchObject({ code: 'ledger.unavailable', retryAfterSeconds: 10 });
    const foreign = steps.get(BundleReads).readBundle(accepted.evidenceId, caller('bank', 'bank-b'), purpose);
    await expect(foreign).rejects.toMatchObject({ code: 'evidence.not-found' });
  });

  it.each([undefined, '', 'curiosity', 'Dispute', ['dispute', 'dispute'], 'dispute, audit'])(
    'refuses the purpose %p',
    (value) => {
      expect(() => parseReadingPurpose(value)).toThrow(/Sigill-Purpose must be one of/);
    },
  );
});
