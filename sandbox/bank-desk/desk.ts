import { randomUUID } from 'node:crypto';
import { textOrEmpty, type Answer } from '../oauth-client.ts';
import type { Exchange, Recorder } from '../site/recorder.ts';
import type { SignedPayment } from '../shop/payments.ts';

/** What a bank does with a consent, in this order. */
export const bankSteps = ['introspect', 'consume', 'consume-again', 'report', 'verify'] as const;

export type BankStepName = (typeof bankSteps)[number];

export interface BankStep {
  readonly exchanges: readonly Exchange[];
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

export type BankCase = ReadonlyMap<BankStepName, BankStep>;

type Work = (payment: SignedPayment, payer: string) => Promise<Answer>;

/** A bank's part of a payment. It is remembered in memory. */
export class BankDesk {
  readonly #recorder: Recorder;
  readonly #cases = new Map<string, Map<BankStepName, BankStep>>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  caseOf({ state }: Pick<SignedPayment, 'state'>): BankCase {
    return this.#caseOf(state);
  }

  /** The payer's personal number, as the bank has learnt it by introspection. */
  payerOf(payment: Pick<SignedPayment, 'state'>): string {
    const payer = this.caseOf(payment).get('introspect')?.answer['payer'];
    return textOrEmpty((payer as { readonly personalNumber?: unknown } | undefined)?.personalNumber);
  }

  /** Does the next step; one that was done, or whose turn it is not, is left alone. */
  async perform(payment: SignedPayment, name: BankStepName): Promise<void> {
    const known = this.#caseOf(payment.state);
    if (bankSteps.find((step) => !known.has(step)) !== name) return;
    const work = () => works[name](payment, this.payerOf(payment));
    const { result, exchanges } = await this.#recorder.record(work);
    known.set(name, { exchanges, status: result.status, answer: result.body });
  }

  #caseOf(state: string): Map<BankStepName, BankStep> {
    const known = this.#cases.get(state) ?? new Map<BankStepName, BankStep>();
    this.#cases.set(state, known);
    return known;
  }
}

/** The payment as it will be executed: what the verification of the payee said is no part of it. */
const consume: Work = ({ bank: { bank }, token, invoice }, personalNumber) =>
  bank.consume(token.consentId, {
    accessToken: token.accessToken,
    payment: invoice.payment,
    personalNumber,
    paymentReference: `payment-${randomUUID().slice(0, 8)}`,
  });

const works: Readonly<Record<BankStepName, Work>> = {
  introspect: async ({ bank: { bank }, token }) => {
    const body = { ...(await bank.introspect(token.accessToken)) };
    return { status: 200, headers: new Headers(), body };
  },
  consume,
  // Another payment of the bank's, for the same consent.
  'consume-again': consume,
  report: ({ bank: { bank }, token }) => bank.reportExecution(token.consentId, { execution: 'executed' }),
  verify: ({ bank: { bank }, token }) => bank.verifyEvidence(token.consentId, 'payment-execution'),
};
