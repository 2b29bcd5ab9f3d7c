import { Inject, Injectable } from '@nestjs/common';
import type { Period } from '../../audit/period.ts';
import { EvidenceVerification } from '../../evidence/evidence-verification.ts';
import type { Identification, IdentificationSummary, LockedIdentification } from '../../evidence/identification.ts';
import { IdentificationStore } from '../../evidence/identification-store.ts';
import { SignatureTrust } from '../../evidence/signature-trust.ts';
import { parseLoginData } from '../../identification/non-visible.ts';
import { findInstant, formatInstant, type Clock } from '../../kernel/clock.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { ExpectedPayer, IdentificationExpectation } from '../../verification/expectation.ts';
import type { Report } from '../../verification/report.ts';
import { isVerifiedIdentification } from '../../verification/verified-identification.ts';
import { verifyIdentification } from '../../verification/verify-identification.ts';
import { parseKept, textAt } from './read-kept.ts';
import { changedChecks, verdictWord, type VerdictChange } from './verdict-change.ts';

/** The identifications of a period by today's verifier. No personal data. */
export interface LoginVerdicts {
  readonly verified: number;
  /** Destroyed at the end of their retention. */
  readonly erased: number;
  readonly changed: readonly LoginVerdictChange[];
  readonly damaged: readonly { readonly evidenceId: string; readonly reason: string }[];
}

interface LoginVerdictChange extends Omit<VerdictChange, 'consentId' | 'bank'> {
  readonly loginId: string;
  readonly clientId: string;
}

interface Findings {
  verified: number;
  erased: number;
  readonly changed: LoginVerdictChange[];
  readonly damaged: { readonly evidenceId: string; readonly reason: string }[];
}

const PAGE = 50;

/** Today's verdict on the stored evidence of logins, beside the one that was given when it was stored. */
@Injectable()
export class StoredIdentifications {
  constructor(
    private readonly store: IdentificationStore,
    private readonly verification: EvidenceVerification,
    private readonly trust: SignatureTrust,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async verify(period: Period): Promise<LoginVerdicts> {
    const found: Findings = { verified: 0, erased: 0, changed: [], damaged: [] };
    let last: IdentificationSummary | undefined;
    for (;;) {
      const page = await this.store.findPage(period, last, PAGE);
      if (page.length === 0) return found;
      for (const locked of page) this.#verify(locked, found);
      last = page.at(-1)?.summary;
    }
  }

  #verify(locked: LockedIdentification, found: Findings): void {
    const { summary } = locked;
    const { evidenceId, loginId, clientId, kind } = summary;
    let identification: Identification | undefined;
    try {
      identification = locked.open();
    } catch {
      // One that cannot be opened must not keep the others from being verified.
      found.damaged.push({ evidenceId, reason: 'cannot be opened, or is not what its digest commits to' });
      return;
    }
    if (!identification) {
      found.erased += 1;
      return;
    }
    found.verified += 1;
    const column = findAlteredColumn(identification);
    if (column !== undefined)
      found.damaged.push({ evidenceId, reason: `${column} is not what was signed or recorded` });
    const report = this.#reportOn(identification);
    const was = verdictWord(summary.indication, summary.subIndication);
    const is = verdictWord(report.indication, report.subIndication);
    const checks = changedChecks(parseKept(identification.report), report);
    if (was !== is) found.changed.push({ evidenceId, loginId, clientId, kind, was, is, checks });
  }

  #reportOn(identification: Identification): Report {
    const expectation = expectationOf(identification);
    if (!expectation) return this.verification.verify(identification);
    const { signature, ocsp: ocspResponse, circumstances } = identification;
    const personalNumber = textAt(parseKept(circumstances), 'completion', 'user', 'personalNumber');
    const { anchors: trust, policy } = this.trust;
    const completion = { signature, ocspResponse, personalNumber };
    const result = verifyIdentification(completion, expectation, { trust, policy, now: this.clock.now() });
    return isVerifiedIdentification(result) ? result.report : result;
  }
}

/** A column outside of the seal that says something else than what is under it. */
function findAlteredColumn(identification: Identification): string | undefined {
  const facts = parseLoginData(identification.nonVisibleData);
  const [report, circumstances] = [parseKept(identification.report), parseKept(identification.circumstances)];
  const subIndication = textAt(report, 'subIndication');
  const columns: readonly (readonly [column: string, found: string | undefined, kept: string | undefined])[] = [
    ['login_id', identification.loginId, facts.loginId],
    ['client_id', identification.clientId, facts.clientId],
    ['environment', identification.environment, facts.environment],
    ['signed_at', identification.signedAt && formatInstant(identification.signedAt), textAt(report, 'signedAt')],
    ['received_at', formatInstant(identification.receivedAt), textAt(circumstances, 'order', 'receivedAt')],
    ['indication', identification.indication, textAt(report, 'indication')],
    ['sub_indication', identification.subIndication, subIndication],
  ];
  return columns.find(([, found, kept]) => found !== kept)?.[0];
}

/** What the settler expected, from what was recorded of the occasion; undefined where too little was. */
function expectationOf(identification: Identification): IdentificationExpectation | undefined {
  const { circumstances, environment, visibleText, nonVisibleData, relyingPartyName, receivedAt } = identification;
  const orderStartedAt = findInstant(textAt(parseKept(circumstances), 'order', 'startedAt') ?? '');
  const facts = parseLoginData(nonVisibleData);
  const payer = payerOf(identification, facts.payer);
  if (!orderStartedAt || !payer) return undefined;
  const sent = { visibleData: visibleText, nonVisibleData };
  return { ...sent, environment, facts, relyingPartyName, orderStartedAt, receivedAt, payer };
}

/** The person who alone might identify, as BankID was told: in the order's requirement or, in a phone call, by the order itself. */
function payerOf(identification: Identification, kind: 'bound' | 'unbound'): ExpectedPayer | undefined {
  if (kind === 'unbound') return { kind };
  const circumstances = parseKept(identification.circumstances);
  const ordered =
    textAt(circumstances, 'order', 'signParameters', 'requirement', 'personalNumber') ??
    textAt(circumstances, 'order', 'signParameters', 'personalNumber');
  const personalNumber = findPersonalNumber(ordered ?? '');
  return personalNumber && { kind, personalNumber };
}
