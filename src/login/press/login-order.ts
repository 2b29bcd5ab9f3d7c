import { randomBytes } from 'node:crypto';
import type { OrderRequest, OrderStart } from '../../bankid-sign/sign-order.ts';
import { buildLoginData, type SignedLoginFacts } from '../../identification/non-visible.ts';
import { loginTemplateOf, renderLoginText } from '../../identification/visible-text.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { PURPOSE, type Login } from '../login.ts';
import { claimsText } from '../store/hashes.ts';

/** What an order of a login is made of, besides the login. */
export interface OrderFacts {
  readonly environment: Environment;
  readonly attemptId: string;
  readonly person: PersonalNumber | undefined;
  readonly startedAt: Date;
  readonly start: OrderStart;
  readonly language: 'sv' | 'en';
  /** Whose RP certificate. */
  readonly relyingParty: string;
  /** The client's, for calls. */
  readonly phoneLimits?: 'none' | undefined;
}

/** The order by which a person identifies themselves: an `/auth`, never a `/sign`. */
export function loginOrder(login: Login, facts: OrderFacts): OrderRequest {
  const { loginId, clientId } = login;
  const signed = { ...signedOf(login, facts.environment), ...orderOf(facts) };
  return {
    purpose: PURPOSE,
    clientId,
    phoneLimits: facts.phoneLimits,
    group: loginId,
    subject: loginSubject(clientId, loginId),
    kind: 'auth',
    visibleData: Buffer.from(renderLoginText(signed), 'utf8'),
    nonVisibleData: buildLoginData(signed),
    requirement: facts.person === undefined ? {} : { personalNumber: facts.person },
    start: facts.start,
    relyingParty: facts.relyingParty,
    context: {
      loginId,
      attemptId: facts.attemptId,
      language: facts.language,
      template: signed.template,
      asked: askedText(login),
    },
  };
}

/** What was asked and is not signed; it is sealed with the order, and compared when the order is settled. */
export function askedText({ claims, nonce }: Login): string {
  return JSON.stringify([claimsText(claims) ?? null, nonce ?? null]);
}

/** What is the same in all orders of a login. */
export function signedOf(
  login: Login,
  environment: Environment,
): Omit<SignedLoginFacts, 'nonce' | 'orderedAt' | 'template'> {
  const { loginId, clientId, clientName, scopes, channel, bindingMessage, payer } = login;
  return { environment, loginId, clientId, clientName, scopes, channel, bindingMessage, payer };
}

function orderOf({
  startedAt: orderedAt,
  language,
}: OrderFacts): Pick<SignedLoginFacts, 'nonce' | 'orderedAt' | 'template'> {
  return { orderedAt, nonce: randomBytes(16).toString('base64url'), template: loginTemplateOf(language) };
}
