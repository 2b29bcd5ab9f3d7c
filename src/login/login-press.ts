import type { BrowserStart, OrderRequest } from '../bankid-sign/sign-order.ts';
import type { UnsentOrder } from '../bankid-sign/sign-orders.ts';
import type { DomainError } from '../kernel/errors.ts';
import type { NamedLogin } from './login.ts';

/** How a person wants to identify themselves on our page, and from where. */
export interface LoginPressRequest extends Omit<BrowserStart, 'way' | 'returnUrl'> {
  readonly language: 'sv' | 'en';
  /** Where the BankID app sends the person, with this nonce in it. */
  readonly returnUrl: (nonce: string) => string;
}

/**
 * A press and its order: not sent yet, and not stored where another one is open. Or the limit that refuses it: `login.attempts-exhausted`,
 * or `login.too-many-orders` with the time to wait.
 */
export type LoginPress =
  | { readonly refused: DomainError }
  | {
      readonly login: NamedLogin;
      readonly attemptId: string;
      readonly order: OrderRequest;
      readonly unsent: UnsentOrder | undefined;
    };
