import { Injectable } from '@nestjs/common';
import type { OrderStart, Progress } from '../../bankid-sign/sign-order.ts';
import { BackchannelSigning, type BegunSigning } from '../../consent/backchannel-signing.ts';
import type { ConsentRequest } from '../../consent/consent.ts';
import type { Tx } from '../../database/database.ts';
import type { BegunLogin, LoginRequest } from '../../login/login.ts';
import { Logins } from '../../login/logins.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { Language } from './checks/language-of.ts';
import type { HeldRequest } from './store/backchannel-request.repository.ts';
import type { RequestTarget } from './store/request-target.ts';

/** What a person is asked for. */
export type Asked =
  | { readonly purpose: 'payment'; readonly consent: ConsentRequest }
  | { readonly purpose: 'login'; readonly login: Omit<LoginRequest, 'expiresAt'> };

/** How a person is asked. */
export interface Terms {
  readonly start: OrderStart;
  readonly language: Language;
  /** The end of the request, unless the client's consents live shorter. */
  readonly expiresAt: Date;
  readonly lifetimeMs: number;
}

/** What was stored with its order, which is not sent yet. */
export interface Begun {
  readonly target: RequestTarget;
  /** Under which the target is sealed. */
  readonly key: DataKey;
  readonly expiresAt: Date;
  readonly send: () => Promise<void>;
}

/** How far it has come. */
export interface Progressed {
  readonly state: 'open' | 'done' | 'ended';
  /** Of the latest order. */
  readonly progress: Progress | undefined;
}

/**
 * What requests are made for. Each purpose has a class of its own, with the same methods, and they know nothing of each other: which of
 * them is called is decided here, and for the token by the ciba grant.
 */
@Injectable()
export class Purposes {
  constructor(
    private readonly payments: BackchannelSigning,
    private readonly logins: Logins,
  ) {}

  /** Stores what is asked for with its order, in the caller's transaction. After the commit, `send` makes the order at BankID. */
  async begin(tx: Tx, asked: Asked, { expiresAt, ...terms }: Terms): Promise<Begun> {
    return asked.purpose === 'payment'
      ? this.#begunPayment(await this.payments.begin(tx, asked.consent, terms))
      : this.#begunLogin(await this.logins.begin(tx, { ...asked.login, expiresAt }, terms));
  }

  /** Undefined where the target has no row, which no request is without. */
  async findProgress({ target }: Pick<HeldRequest, 'target'>): Promise<Progressed | undefined> {
    if (target.purpose === 'payment') {
      const found = await this.payments.findState(target.consentId);
      return found && { state: stateOfConsent[found.consent.state], progress: found.progress };
    }
    const found = await this.logins.findState(target.loginId);
    return found && { state: stateOfLogin[found.login.state], progress: found.progress };
  }

  findQrFrame({ target }: HeldRequest): Promise<string | undefined> {
    return target.purpose === 'payment'
      ? this.payments.findQrFrame(target.consentId)
      : this.logins.findQrFrame(target.loginId);
  }

  findLaunchLink({ target }: HeldRequest, userAgent: string): Promise<string | undefined> {
    return target.purpose === 'payment'
      ? this.payments.findLaunchLink(target.consentId, userAgent)
      : this.logins.findLaunchLink(target.loginId, userAgent);
  }

  /** False where the nonce is not of the request's order. */
  recordReturn({ target, clientId }: HeldRequest, nonce: string): Promise<boolean> {
    return target.purpose === 'payment'
      ? this.payments.recordReturn(target.consentId, clientId, nonce)
      : this.logins.recordReturn(target.loginId, nonce);
  }

  /** False where the request has ended already. */
  cancel({ target, clientId }: HeldRequest): Promise<boolean> {
    return target.purpose === 'payment'
      ? this.payments.cancel(target.consentId, clientId)
      : this.logins.cancel({ loginId: target.loginId, clientId }, 'client');
  }

  #begunPayment(begun: BegunSigning): Begun {
    const { consentId, key, expiresAt } = begun;
    const target = { purpose: 'payment', consentId } as const;
    return { target, key, expiresAt, send: () => this.payments.send(begun) };
  }

  #begunLogin(begun: BegunLogin): Begun {
    const { loginId, key, expiresAt } = begun;
    const target = { purpose: 'login', loginId } as const;
    return { target, key, expiresAt, send: () => this.logins.send(begun) };
  }
}

const stateOfConsent = {
  'awaiting-authorisation': 'open',
  authorised: 'done',
  consumed: 'done',
  rejected: 'ended',
  expired: 'ended',
  revoked: 'ended',
} as const;

const stateOfLogin = {
  awaiting: 'open',
  authenticated: 'done',
  rejected: 'ended',
  expired: 'ended',
  cancelled: 'ended',
} as const;
