import { randomUUID } from 'node:crypto';
import type { Exchange, Recorder } from '../site/recorder.ts';
import type { SiteBank, SiteParties } from '../site/parties.ts';
import type { IssuedToken, PushedConsent } from '../tpp.ts';
import { initiationOf, type Invoice, type PayeeCheck } from './invoices.ts';

export interface Order {
  readonly invoice: Invoice;
  readonly bank: SiteBank;
  /** For a payment whose payee can be verified. */
  readonly check?: PayeeCheck;
}

/** One payment, from the push until the shop has its token. */
export interface ShopPayment extends Order {
  readonly state: string;
  readonly pushed: PushedConsent;
  /** How it was pushed. */
  readonly push: readonly Exchange[];
  /** How the code was redeemed. */
  redemption?: readonly Exchange[];
  token?: IssuedToken;
  refusal?: string;
}

/** A payment whose payer has signed. */
export type SignedPayment = ShopPayment & { readonly token: IssuedToken };

/** What happens behind the shop's buttons. Payments live in memory: the shop is an example, the service is not. */
export class ShopPayments {
  readonly #tpp: SiteParties['tpp'];
  readonly #recorder: Recorder;
  readonly #byState = new Map<string, ShopPayment>();

  constructor({ tpp }: Pick<SiteParties, 'tpp'>, recorder: Recorder) {
    this.#tpp = tpp;
    this.#recorder = recorder;
  }

  find(state: string): ShopPayment | undefined {
    return this.#byState.get(state);
  }

  findSigned(state: string): SignedPayment | undefined {
    const payment = this.find(state);
    return payment && isSigned(payment) ? payment : undefined;
  }

  /** Newest first. */
  list(): readonly ShopPayment[] {
    return [...this.#byState.values()].reverse();
  }

  listSigned(): readonly SignedPayment[] {
    return this.list().filter(isSigned);
  }

  /** Pushes the consent and returns where to send the payer. */
  async start(order: Order): Promise<URL> {
    const state = randomUUID();
    const { client } = order.bank.bank.party;
    const initiation = await initiationOf(order.invoice, order.check, client);
    const { result: pushed, exchanges: push } = await this.#recorder.record(() =>
      this.#tpp.push(initiation, { state, resource: client.resource ?? '' }),
    );
    this.#byState.set(state, { ...order, state, pushed, push });
    return pushed.authorizationUrl;
  }

  /** The payer is back: redeems the code, or keeps the neutral reason of the refusal. */
  async receive(returned: URL): Promise<ShopPayment | undefined> {
    const payment = this.find(returned.searchParams.get('state') ?? '');
    if (!payment || payment.token) return payment;
    const error = returned.searchParams.get('error');
    if (error !== null) {
      payment.refusal = returned.searchParams.get('error_description') ?? error;
      return payment;
    }
    const { result, exchanges } = await this.#recorder.record(() => this.#tpp.redeem(returned, payment.pushed));
    payment.token = result;
    payment.redemption = exchanges;
    return payment;
  }
}

function isSigned(payment: ShopPayment): payment is SignedPayment {
  return payment.token !== undefined;
}
