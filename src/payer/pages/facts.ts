import type { Environment } from '../../kernel/environment.ts';
import type { CreditorNameVerification } from '../../payment/creditor-name-verification.ts';
import type { PaymentInitiation } from '../../payment/initiation.ts';
import type { Language } from './texts.ts';

/** What every page needs. */
export interface PageContext {
  readonly language: Language;
  readonly environment: Environment;
  /** The page's own path, which a change of language reloads; an interaction's path is the prefix of all its actions. */
  readonly path: string;
}

/** A page about one interaction. */
export interface InteractionContext extends PageContext {
  readonly returnPath: string;
  /** Identifies what the page shows: `qr`, `try-again.3`. */
  readonly version: string;
  /** On a phone BankID is most likely on the same device. */
  readonly prefersThisDevice: boolean;
  readonly payment: PaymentFacts;
}

/** The TPP, the bank and the payment. */
export interface PaymentFacts {
  readonly tppName: string;
  readonly authorisationNumber: string;
  /** The bank's registered name. */
  readonly bankName: string;
  readonly initiation: PaymentInitiation;
  readonly creditorNameVerification: CreditorNameVerification | undefined;
  readonly expiresAt: Date;
}

/** BankID's message for the situation, with the code that support desks know. */
export interface UserMessage {
  readonly code: string;
  readonly text: string;
}
