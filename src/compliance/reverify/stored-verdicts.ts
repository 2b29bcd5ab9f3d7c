import { Inject, Injectable } from '@nestjs/common';
import type { Evidence } from '../../evidence/evidence.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import { EvidenceVerification } from '../../evidence/evidence-verification.ts';
import { SignatureTrust } from '../../evidence/signature-trust.ts';
import { findInstant, type Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Period } from '../../audit/period.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { ExpectedPayer, Expectation } from '../../verification/expectation.ts';
import type { Report } from '../../verification/report.ts';
import { isVerified } from '../../verification/verified-signature.ts';
import { verifyConsent } from '../../verification/verify-consent.ts';
import { KeptEvidence } from './kept-evidence.ts';
import type { StoredEvidence } from './stored-evidence.repository.ts';
import { parseKept, textAt } from './read-kept.ts';
import { changedChecks, verdictWord, type VerdictChange } from './verdict-change.ts';

export interface VerdictReport {
  readonly verified: number;
  /** Evidence that was destroyed at the end of its retention. */
  readonly erased: number;
  readonly changed: readonly VerdictChange[];
  /** Evidence that cannot be opened, or that is not what its digest commits to: the signature in BankID's answer is part of that. */
  readonly damaged: readonly { readonly evidenceId: string; readonly reason: string }[];
  /** Orders that were signed but have given no evidence (yet). */
  readonly withoutEvidence: readonly string[];
}

interface Findings {
  verified: number;
  erased: number;
  readonly changed: VerdictChange[];
  readonly damaged: { readonly evidenceId: string; readonly reason: string }[];
}

/** Today's verdict on stored evidence, beside the one that was given when it was stored. */
@Injectable()
export class StoredVerdicts {
  constructor(
    private readonly kept: KeptEvidence,
    private readonly store: EvidenceStore,
    private readonly verification: EvidenceVerification,
    private readonly trust: SignatureTrust,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Verifies the evidence stored in the period, each against the expectation of the time when it was stored. */
  async verify(period: Period): Promise<VerdictReport> {
    const found: Findings = { verified: 0, erased: 0, changed: [], damaged: [] };
    for await (const stored of this.kept.ofPeriod(period)) await this.#verify(stored, found);
    return { ...found, withoutEvidence: await this.kept.findOrdersWithoutEvidence(period) };
  }

  async #verify(stored: StoredEvidence, found: Findings): Promise<void> {
    const { evidenceId, bank } = stored;
    const evidence = await this.#find(stored, found);
    if (!evidence) return;
    found.verified += 1;
    const report = await this.#reportOn(stored, evidence);
    const was = verdictWord(evidence.indication, evidence.subIndication);
    const is = verdictWord(report.indication, report.subIndication);
    if (was === is) return;
    const checks = changedChecks(parseKept(evidence.report), report);
    found.changed.push({ evidenceId, consentId: evidence.consentId, bank, kind: evidence.kind, was, is, checks });
  }

  async #find({ evidenceId, bank }: StoredEvidence, found: Findings): Promise<Evidence | undefined> {
    try {
      return await this.store.getEvidence(evidenceId, bank);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'evidence.not-found') found.erased += 1;
      // One that cannot be opened must not keep the others from being verified.
      else found.damaged.push({ evidenceId, reason: 'cannot be opened, or is not what its digest commits to' });
      return undefined;
    }
  }

  async #reportOn(stored: StoredEvidence, evidence: Evidence): Promise<Report> {
    const expectation = await this.#findExpectation(stored, evidence);
    if (!expectation) return this.verification.verify(evidence);
    const completion = {
      signature: evidence.signature,
      ocspResponse: evidence.ocsp,
      personalNumber: textAt(parseKept(evidence.circumstances), 'completion', 'user', 'personalNumber'),
    };
    const { anchors: trust, policy } = this.trust;
    const result = verifyConsent(completion, expectation, { trust, policy, now: this.clock.now() });
    return isVerified(result) ? result.report : result;
  }

  /** What the settler expected, from what was kept of the occasion; undefined where too little was. */
  async #findExpectation(stored: StoredEvidence, evidence: Evidence): Promise<Expectation | undefined> {
    const orderStartedAt = findInstant(textAt(parseKept(evidence.circumstances), 'order', 'startedAt') ?? '');
    const facts = parseNonVisibleData(evidence.nonVisibleData);
    const payer = facts.payer === 'unbound' ? ({ kind: 'unbound' } as const) : await this.#findPayer(stored);
    if (!orderStartedAt || !payer) return undefined;
    return {
      environment: evidence.environment,
      facts,
      visibleData: evidence.visibleText,
      nonVisibleData: evidence.nonVisibleData,
      relyingPartyName: evidence.relyingPartyName,
      orderStartedAt,
      receivedAt: evidence.receivedAt,
      payer,
    };
  }

  /** A login hint that cannot be opened is named where the rows are compared; it keeps no evidence from being verified. */
  async #findPayer(stored: StoredEvidence): Promise<ExpectedPayer | undefined> {
    const personalNumber = await this.kept.findBoundPayer(stored);
    return personalNumber && { kind: 'bound', personalNumber };
  }
}
