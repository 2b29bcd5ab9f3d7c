import type { Evidence } from '../../../evidence/evidence.ts';
import { findInstant } from '../../../kernel/clock.ts';
import { findPersonalNumber, type PersonalNumber } from '../../../kernel/personal-number.ts';
import { BROWSER, type Channel } from '../../../payment/channel.ts';
import { verificationToJson } from '../../../payment/creditor-name-verification.ts';
import { canonicalJson, initiationText } from '../../../payment/initiation.ts';
import { parseNonVisibleData, type SignedConsentFacts } from '../../../payment/non-visible.ts';
import { parseKept, textAt } from '../read-kept.ts';

/** What the payer signed and what was recorded with it, all from the sealed part of the evidence. */
export interface SignedFacts {
  readonly consentId: string;
  readonly environment: string;
  readonly bank: string;
  /** Signed since version 2 of the templates. */
  readonly bankName: string | undefined;
  readonly clientId: string;
  /** Signed since version 2 of the templates; before, there was the browser alone. */
  readonly channel: Channel;
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  readonly payer: 'bound' | 'unbound';
  /** RFC 8785. */
  readonly initiationText: string;
  /** RFC 8785; undefined if there was none. */
  readonly verificationText: string | undefined;
  readonly signer: PersonalNumber | undefined;
  readonly signedAt: Date | undefined;
  readonly orderId: string | undefined;
  readonly receivedAt: Date | undefined;
  readonly pushedAt: Date | undefined;
}

/** @throws DomainError `initiation.invalid` if the signed bytes are not ours */
export function signedFacts(evidence: Evidence): SignedFacts {
  const facts = parseNonVisibleData(evidence.nonVisibleData);
  const [report, circumstances] = [parseKept(evidence.report), parseKept(evidence.circumstances)];
  return {
    ...facts,
    bankName: 'bankName' in facts ? facts.bankName : undefined,
    channel: 'channel' in facts ? facts.channel : BROWSER,
    initiationText: initiationText(facts.initiation),
    verificationText: verificationTextOf(facts),
    signer: findPersonalNumber(textAt(report, 'signer', 'personalNumber') ?? ''),
    signedAt: findInstant(textAt(report, 'signedAt') ?? ''),
    orderId: textAt(circumstances, 'order', 'orderId'),
    receivedAt: findInstant(textAt(circumstances, 'order', 'receivedAt') ?? ''),
    pushedAt: findInstant(textAt(circumstances, 'consent', 'pushedAt') ?? ''),
  };
}

function verificationTextOf(facts: SignedConsentFacts): string | undefined {
  const verification = 'channel' in facts ? facts.creditorNameVerification : undefined;
  return verification && canonicalJson(verificationToJson(verification));
}
