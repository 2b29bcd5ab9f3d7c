import type { AppConfig } from '../../config/config.ts';
import type { Consent } from '../../consent/consent.ts';
import type { Branding } from '../../design/brand.ts';
import type { Login } from '../../login/login.ts';
import { destinations, isNumberClaim, requestedClaims } from '../../login/person-claims.ts';
import type { Visitor } from '../http/visitor.ts';
import type { InteractionContext } from '../pages/facts.ts';

/** What the person is asked: to approve a payment, or to log in. */
export type Subject = { readonly consent: Consent } | { readonly login: Login };

/** What the service's configuration says about its pages. */
export type Surroundings = Pick<AppConfig, 'environment' | 'branding'>;

/** The facts of a page about this interaction. */
export function contextOf(
  subject: Subject,
  visitor: Visitor,
  { environment, branding }: Surroundings,
  page: Pick<InteractionContext, 'version' | 'secondsLeft'>,
): InteractionContext {
  return {
    language: visitor.language,
    environment,
    ...page,
    prefersThisDevice: /Android|iPhone|iPad|Mobile/.test(visitor.userAgent),
    ...('consent' in subject ? ofPayment(subject.consent, branding) : ofLogin(subject.login)),
  };
}

type OfPurpose = Pick<InteractionContext, 'purpose' | 'path' | 'returnPath' | 'brand' | 'asked'>;

function ofPayment(consent: Consent, branding: Branding): OfPurpose {
  const { interactionId, tpp, bank, bankName, initiation, creditorNameVerification, expiresAt } = consent;
  const { name: clientName, authorisationNumber } = tpp;
  return {
    purpose: 'payment',
    path: `/pay/${interactionId}`,
    returnPath: `/authorize/${interactionId}/return`,
    brand: branding.brandOf(bank, bankName),
    asked: {
      purpose: 'payment',
      clientName,
      authorisationNumber,
      bankName,
      initiation,
      creditorNameVerification,
      expiresAt,
    },
  };
}

function ofLogin(login: Login): OfPurpose {
  const { interactionId, clientName, expiresAt } = login;
  const told = destinations.flatMap((destination) => requestedClaims(login, destination));
  return {
    purpose: 'login',
    path: `/login/${interactionId}`,
    returnPath: `/authorize/login/${interactionId}/return`,
    brand: undefined,
    asked: {
      purpose: 'login',
      clientName,
      isToldNames: told.some((claim) => !isNumberClaim(claim)),
      isToldNumber: told.some(isNumberClaim),
      expiresAt,
    },
  };
}
