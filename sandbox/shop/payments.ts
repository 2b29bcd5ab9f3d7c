import { randomUUID } from 'node:crypto';
import type { SandboxBank } from '../bank.ts';
import type { Answer } from '../oauth-client.ts';
import type { InitiationJson, IssuedToken, PushedConsent, SandboxTpp } from '../tpp.ts';

/** One invoice on its way through the whole chain, as the shop (which is TPP and, on the next page, bank) sees it. */
export interface ShopPayment {
  readonly state: string;
  readonly invoice: InitiationJson;
  readonly pushed: PushedConsent;
  token?: IssuedToken;
  refusal?: string;
  introspection?: Readonly<Record<string, unknown>>;
  consumption?: Answer;
  secondConsumption?: Answer;
  verification?: Answer;
}

/** An invented invoice; bankgiro and OCR have valid check digits. */
export const exampleInvoice: InitiationJson = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};

/** What happens behind the example shop's pages. Payments live in memory: the shop is an example, the service is not. */
export class ShopPayments {
  readonly #tpp: SandboxTpp;
  readonly #bank: SandboxBank;
  readonly #byState = new Map<string, ShopPayment>();

  constructor(tpp: SandboxTpp, bank: SandboxBank) {
    this.#tpp = tpp;
    this.#bank = bank;
  }

  find(state: string): ShopPayment | undefined {
    return this.#byState.get(state);
  }

  /** Pushes the invoice's consent and returns where to send the payer. */
  async start(invoice: InitiationJson): Promise<URL> {
    const state = randomUUID();
    const pushed = await this.#tpp.push(invoice, { state, resource: this.#bank.party.client.resource ?? '' });
    this.#byState.set(state, { state, invoice, pushed });
    return pushed.authorizationUrl;
  }

  /** The payer is back: redeems the code, or keeps the neutral reason of the refusal. */
  async receive(returned: URL): Promise<ShopPayment | undefined> {
    const payment = this.#byState.get(returned.searchParams.get('state') ?? '');
    if (!payment) return undefined;
    const error = returned.searchParams.get('error');
    if (error !== null) {
      payment.refusal = returned.searchParams.get('error_description') ?? error;
      return payment;
    }
    if (payment.token) return payment;
    payment.token = await this.#tpp.redeem(returned, payment.pushed);
    payment.introspection = await this.#bank.introspect(payment.token.accessToken);
    return payment;
  }

  /** The bank's part: consumes the consent, tries the same again for another order, and verifies the stored signature. */
  async execute(payment: ShopPayment): Promise<void> {
    const { token, introspection } = payment;
    if (!token || !introspection || payment.consumption) return;
    const payer = introspection['payer'] as { personalNumber?: string } | undefined;
    const consumption = {
      accessToken: token.accessToken,
      payment: payment.invoice,
      personalNumber: payer?.personalNumber ?? '',
    };
    payment.consumption = await this.#bank.consume(token.consentId, { ...consumption, paymentReference: randomUUID() });
    payment.secondConsumption = await this.#bank.consume(token.consentId, {
      ...consumption,
      paymentReference: randomUUID(),
    });
    payment.verification = await this.#bank.verifyEvidence(token.consentId, 'payment-execution');
  }

  /** What the bank keeps: the evidence folder, which proves the payer's signature without the service. */
  async findEvidence({ token, consumption }: ShopPayment): Promise<Uint8Array | undefined> {
    return token && consumption && this.#bank.getEvidenceFolder(token.consentId, 'payment-execution');
  }
}
