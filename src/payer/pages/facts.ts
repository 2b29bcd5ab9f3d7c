import type { Environment } from '../../kernel/environment.ts';
import type { CreditorNameVerification } from '../../payment/creditor-name-verification.ts';
import type { PaymentInitiation } from '../../payment/initiation.ts';
import type { Brand } from '../../design/brand.ts';
import type { Language } from '../../design/language.ts';

/** What every page needs. */
export interface PageContext {
  readonly language: Language;
  readonly environment: Environment;
  /** What the interaction is about: the words of its pages depend on it. */
  readonly purpose: 'payment' | 'login';
  /** The page's own path, which a change of language reloads; an interaction's path is the prefix of all its actions. */
  readonly path: string;
  /** The bank at which a payment is approved; a login has none. */
  readonly brand?: Brand | undefined;
}

/** A page about one interaction. */
export interface InteractionContext extends PageContext {
  readonly returnPath: string;
  /** Identifies what the page shows: `qr`, `try-again.3`. */
  readonly version: string;
  /** Until the person can no longer answer, rounded up. */
  readonly secondsLeft: number;
  /** On a phone BankID is most likely on the same device. */
  readonly prefersThisDevice: boolean;
  readonly asked: PaymentFacts | LoginFacts;
}

/** The TPP, the bank and the payment. */
export interface PaymentFacts {
  readonly purpose: 'payment';
  /** Who asks. */
  readonly clientName: string;
  readonly authorisationNumber: string;
  /** The bank's registered name. */
  readonly bankName: string;
  readonly initiation: PaymentInitiation;
  readonly creditorNameVerification: CreditorNameVerification | undefined;
  readonly expiresAt: Date;
}

/** The client to which the person logs in, and what it will be told. */
export interface LoginFacts {
  readonly purpose: 'login';
  readonly clientName: string;
  readonly isToldNames: boolean;
  readonly isToldNumber: boolean;
  readonly expiresAt: Date;
}

/** BankID's message for the situation, with the code that support desks know. */
export interface UserMessage {
  readonly code: string;
  readonly text: string;
}
