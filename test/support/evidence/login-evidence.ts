import { randomBytes } from 'node:crypto';
import { insertDataKey } from '../../../bench/service/data-key.ts';
import type { Database, Tx } from '../../../src/database/database.ts';
import type { IdentificationRecord, IdentificationSummary } from '../../../src/evidence/identification.ts';
import { IdentificationStore } from '../../../src/evidence/identification-store.ts';
import { SignatureTrust } from '../../../src/evidence/signature-trust.ts';
import { buildLoginData, loginToJson, type SignedLoginFacts } from '../../../src/identification/non-visible.ts';
import { renderLoginText } from '../../../src/identification/visible-text.ts';
import { formatInstant } from '../../../src/kernel/clock.ts';
import { newLoginId, newOrderId, type OrderId } from '../../../src/kernel/ids.ts';
import { loginSubject } from '../../../src/kernel/subject.ts';
import { Envelope, type DataKey } from '../../../src/vault/envelope.ts';
import type { Completion, IdentificationExpectation } from '../../../src/verification/expectation.ts';
import type { Report } from '../../../src/verification/report.ts';
import {
  isVerifiedIdentification,
  type VerifiedIdentification,
} from '../../../src/verification/verified-identification.ts';
import { verifyIdentification } from '../../../src/verification/verify-identification.ts';
import { loginFacts } from '../vectors/login-vector.ts';
import type { Pki } from '../../../simulator/pki/pki.ts';
import type { SystemSteps } from '../system/system-steps.ts';
import { keepAnswer } from './evidence-steps.ts';
import { complete, defaultTime, type Occasion } from './sign-consent.ts';

/** A login as it comes back from BankID: really identified for under the simulator's PKI. */
export interface CompletedLogin {
  readonly orderId: OrderId;
  readonly facts: SignedLoginFacts;
  readonly subject: string;
  readonly completion: Completion & { readonly ocspResponse: string };
  readonly expectation: IdentificationExpectation;
}

export interface LoginOccasion extends Pick<Occasion, 'at' | 'ocspStatus'> {
  readonly facts?: Partial<SignedLoginFacts>;
}

/** The evidence of logins as their settler stores it. */
export class LoginEvidence {
  readonly #steps: SystemSteps;
  readonly #pki: Pki;

  constructor(steps: SystemSteps, pki: Pki) {
    this.#steps = steps;
    this.#pki = pki;
  }

  get store(): IdentificationStore {
    return this.#steps.get(IdentificationStore);
  }

  /** A login whose data key exists, and which its person has completed. */
  async complete({
    at = defaultTime,
    ocspStatus = 'good',
    facts: changes,
  }: LoginOccasion = {}): Promise<CompletedLogin> {
    const nonce = randomBytes(16).toString('base64url');
    const facts = { ...loginFacts, loginId: newLoginId(), payer: 'unbound' as const, nonce, orderedAt: at, ...changes };
    const subject = loginSubject(facts.clientId, facts.loginId);
    const known = await this.#envelope.findDataKey(this.#database, subject);
    if (!known) await insertDataKey(this.#database, this.#envelope, subject);
    const sent = { visibleData: Buffer.from(renderLoginText(facts)), nonVisibleData: buildLoginData(facts) };
    const completion = await complete(this.#pki, 'Identification', sent, { at, ocspStatus });
    const { relyingPartyName } = this.#pki.relyingParty;
    const receivedAt = new Date(at.getTime() + 4000);
    const { environment } = facts;
    const payer = { kind: 'unbound' } as const;
    const order = { ...sent, environment, facts, relyingPartyName, orderStartedAt: at, receivedAt, payer };
    return { orderId: newOrderId(), facts, subject, completion, expectation: order };
  }

  /** Completed, accepted and stored. */
  async accept(occasion: LoginOccasion = {}): Promise<CompletedLogin & { readonly summary: IdentificationSummary }> {
    const login = await this.complete(occasion);
    return { ...login, summary: await this.append(login) };
  }

  append(
    login: CompletedLogin,
    verified = this.verified(login),
    record = recordOf(login),
  ): Promise<IdentificationSummary> {
    return this.inTransaction(login, (tx, key) => this.store.appendAccepted(tx, key, verified, record));
  }

  /** In a transaction that also stores BankID's answer. */
  inTransaction<T>(login: CompletedLogin, work: (tx: Tx, key: DataKey) => Promise<T>): Promise<T> {
    return this.#database.inTransaction(async (tx) => {
      const key = await this.#envelope.getDataKey(tx, login.subject);
      await keepAnswer(tx, key, login, this.#steps.clock.now());
      return work(tx, key);
    });
  }

  /** @throws unless every check passes */
  verified(login: CompletedLogin): VerifiedIdentification {
    const result = this.verdict(login);
    if (!isVerifiedIdentification(result)) throw new Error(JSON.stringify(result.checks));
    return result;
  }

  verdict({ completion, expectation }: CompletedLogin): VerifiedIdentification | Report {
    const { anchors: trust, policy } = this.#steps.get(SignatureTrust);
    return verifyIdentification(completion, expectation, { trust, policy, now: expectation.receivedAt });
  }

  get #envelope(): Envelope {
    return this.#steps.get(Envelope);
  }

  get #database(): Database {
    return this.#steps.database.database;
  }
}

export function recordOf({ orderId, facts, completion, expectation }: CompletedLogin): IdentificationRecord {
  return {
    loginId: facts.loginId,
    clientId: facts.clientId,
    environment: 'sandbox',
    orderId,
    signatureText: completion.signature,
    ocspBase64: completion.ocspResponse,
    personalNumber: completion.personalNumber ?? '',
    loginJson: loginToJson(facts),
    visibleText: expectation.visibleData,
    nonVisibleData: expectation.nonVisibleData,
    circumstances: {
      login: { template: facts.template },
      order: {
        startedAt: formatInstant(expectation.orderStartedAt),
        receivedAt: formatInstant(expectation.receivedAt),
      },
      completion: { user: { personalNumber: completion.personalNumber ?? null } },
    },
    relyingPartyName: expectation.relyingPartyName,
    receivedAt: expectation.receivedAt,
  };
}
