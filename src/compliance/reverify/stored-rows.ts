import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import { PAYER } from '../../consent/authorisations.ts';
import { LOGIN_HINT } from '../../consent/consents.ts';
import { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import type { Period } from '../../audit/period.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { Database } from '../../database/database.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';
import { toDomainError } from '../../http/problems.ts';
import { compareAuthorisation } from './compare/compare-authorisation.ts';
import {
  compareBoundPayer,
  comparePushed,
  comparePushedWithAuthorisation,
  compareState,
} from './compare/compare-consent.ts';
import { compareConsumption } from './compare/compare-consumption.ts';
import { compareEvidence } from './compare/compare-evidence.ts';
import { compareTokens } from './compare/compare-tokens.ts';
import type { Difference } from './compare/difference.ts';
import { endEvents, type EndEvents } from './compare/end-events.ts';
import { signedFacts, type SignedFacts } from './compare/signed-facts.ts';
import {
  findComparedConsent,
  selectComparedConsents,
  selectEvidenceRows,
  selectTokensOfConsent,
  type ComparedConsent,
  type EvidenceRow,
  type TokenRow,
} from './compared-rows.repository.ts';
import { openNumber } from './read-kept.ts';

/** A column that is not what the other rows of its consent, or the signed data, say. No personal data. */
export interface RowDifference extends Difference {
  readonly consentId: string;
}

export interface RowsReport {
  readonly compared: number;
  readonly differences: readonly RowDifference[];
}

/** All that a consent's rows are compared with. */
interface Kept {
  readonly tokens: readonly TokenRow[];
  readonly evidence: readonly { readonly row: EvidenceRow; readonly facts: SignedFacts | undefined }[];
  readonly events: EndEvents;
  /** Undefined once it was erased, or where it cannot be unwrapped, which is then a difference. */
  readonly key: DataKey | undefined;
  readonly keyDifferences: readonly Difference[];
}

const PAGE = 50;

/** Compares consent, authorisation, consumption, tokens and evidence with each other, the signed data and the audit trail. */
@Injectable()
export class StoredRows {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly store: EvidenceStore,
    private readonly trail: AuditTrail,
  ) {}

  /** Consents that were open in the period, or whose evidence was stored in it. */
  async compare(period: Period): Promise<RowsReport> {
    const report = { compared: 0, differences: [] as RowDifference[] };
    let last: ConsentId | undefined;
    for (;;) {
      const page = await selectComparedConsents(this.database, period, last, PAGE);
      last = page.at(-1)?.consent.consentId;
      if (last === undefined) return report;
      report.compared += page.length;
      for (const rows of page) report.differences.push(...(await this.#compareConsent(rows)));
    }
  }

  /**
   * What differs is read once more, and only what differs both times is named: a consent may move on between one table and the
   * next. It takes each of its steps once, so no step lies between the tables of both readings.
   */
  async #compareConsent(rows: ComparedConsent): Promise<readonly RowDifference[]> {
    const first = new Set(this.#differences(rows, await this.#kept(rows)).map(nameOf));
    if (first.size === 0) return [];
    const { consentId } = rows.consent;
    const again = await findComparedConsent(this.database, consentId);
    if (!again) return [];
    const found = this.#differences(again, await this.#kept(again)).filter((one) => first.has(nameOf(one)));
    const unique = new Map(found.map((one) => [nameOf(one), one]));
    return [...unique.values()].map(({ column, problem }) => ({ consentId, column, problem }));
  }

  #differences({ consent, authorisation }: ComparedConsent, kept: Kept): readonly Difference[] {
    const { tokens, evidence, events, key, keyDifferences } = kept;
    const accepted =
      evidence.find(({ row }) => row.evidenceId === authorisation?.evidenceId) ??
      evidence.find(({ row }) => row.kind === 'accepted');
    const facts = accepted?.facts;
    const sealedPayer = key && openNumber(key, PAYER, consent.consentId, authorisation?.payerSealed);
    const sealedHint = key && openNumber(key, LOGIN_HINT, consent.consentId, consent.loginHintSealed);
    const signer = facts?.signer ?? sealedPayer;
    const context = { consent, evidence: accepted?.row, facts, sealedPayer, hasDataKey: key !== undefined, events };
    const signed = authorisation ? compareAuthorisation(authorisation, context, this.envelope) : [];
    const isMacRight = !signed.some(({ column }) => column === 'authorisation.payment_mac');
    return [
      ...keyDifferences,
      ...evidence.flatMap(({ row, facts: own }) => compareEvidence(row, own)),
      ...evidence.flatMap(({ facts: own }) =>
        own?.consentId === consent.consentId ? comparePushed(consent, own) : [],
      ),
      ...(key ? compareBoundPayer(consent, sealedHint, signer, this.envelope) : []),
      ...compareState(consent, authorisation, events),
      ...compareTokens(consent, authorisation, tokens),
      ...(accepted && !authorisation ? [{ column: 'authorisation.consent_id', problem: 'missing' } as const] : []),
      ...signed,
      ...(authorisation ? compareConsumption(consent, authorisation, signer, this.envelope) : []),
      ...(authorisation && !facts && isMacRight ? comparePushedWithAuthorisation(consent, authorisation) : []),
    ];
  }

  async #kept({ consent, authorisation }: ComparedConsent): Promise<Kept> {
    const { consentId, bank } = consent;
    const rows = await selectEvidenceRows(this.database, consentId, authorisation?.evidenceId);
    const evidence = [];
    for (const row of rows) evidence.push({ row, facts: await this.#factsOf(row) });
    const subject = consentSubject(evidence.find(({ facts }) => facts)?.facts?.bank ?? bank, consentId);
    return {
      tokens: await selectTokensOfConsent(this.database, consent),
      evidence,
      events: endEvents(await this.trail.listEvents(subject)),
      ...(await this.#keyOf(subject)),
    };
  }

  /** One key that cannot be unwrapped must not keep the other consents from being compared. */
  async #keyOf(subject: string): Promise<Pick<Kept, 'key' | 'keyDifferences'>> {
    try {
      return { key: await this.envelope.findDataKey(this.database, subject), keyDifferences: [] };
    } catch (error) {
      const code = toDomainError(error)?.code;
      if (code === 'service.unavailable') throw error;
      const problem = code === 'service.key-missing' ? 'key-missing' : 'differs';
      return { key: undefined, keyDifferences: [{ column: 'data_key.wrapped', problem }] };
    }
  }

  /** Undefined where it was erased, or cannot be opened: which of the two, the verdicts say. */
  async #factsOf({ evidenceId, bank }: EvidenceRow): Promise<SignedFacts | undefined> {
    try {
      return signedFacts(await this.store.getEvidence(evidenceId, bank));
    } catch {
      return undefined;
    }
  }
}

function nameOf({ column, problem }: Difference): string {
  return `${column} ${problem}`;
}
