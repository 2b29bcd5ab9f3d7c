import { SandboxTpp } from '../tpp.ts';
import type { Client } from './registered.ts';

/** One payment as a TPP pushes it, of type `payment_initiation`. */
export type Payment = Readonly<Record<string, unknown>>;

export interface PushOptions {
  /** The bank's resource indicator; Exempelbanken's by default. */
  readonly resource?: string;
  /** The only person who may sign; anyone may, by default. */
  readonly personalNumber?: string;
}

/** What the TPP keeps until the payer comes back. */
export interface PushedPayment {
  /** Where the payer's browser is sent. */
  readonly authorizationUrl: URL;
  readonly codeVerifier: string;
  readonly state: string;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly consentId: string;
  /** The payment that the token is good for, as it was signed. */
  readonly authorizationDetails: readonly Payment[];
}

/** A TPP that is registered with the sandbox. */
export interface Tpp {
  /** Pushes a payment (RFC 9126, RFC 9396). */
  push(payment: Payment, options?: PushOptions): Promise<PushedPayment>;
  /** Redeems the code with which the payer's browser came back. @throws Error where it came back with an error */
  redeem(returned: URL, pushed: PushedPayment): Promise<IssuedToken>;
}

export async function connectTpp(issuer: string, client: Client, bank: Client): Promise<Tpp> {
  const tpp = await SandboxTpp.connect(issuer, client);
  return {
    push: (payment, options = {}) => tpp.push(payment, { resource: bank.resource ?? '', ...options }),
    redeem: async (returned, pushed) => {
      const { accessToken, consentId, raw } = await tpp.redeem(returned, pushed);
      const { authorization_details: details } = raw as { readonly authorization_details?: readonly Payment[] };
      return { accessToken, consentId, authorizationDetails: details ?? [] };
    },
  };
}
