import type { ConsentTrace } from './consent-trace.repository.ts';
import type { LoginTrace } from './login-trace.repository.ts';

/** A contradiction between a consent's rows and its chain. */
export interface EventFault {
  readonly code: 'event-missing' | 'event-unexpected';
  readonly type: string;
}

interface Expected {
  readonly type: string;
  readonly least: number;
  readonly most: number;
}

const ENDINGS = ['consumed', 'rejected', 'expired', 'revoked'];

/**
 * Events that the consent's rows require and the chain lacks (its end was cut off), and events that the rows contradict
 * (a row was reset). Each of these events is written in the transaction that changes the row.
 */
export function findEventFaults(trace: ConsentTrace): readonly EventFault[] {
  return compare(expectedEvents(trace), trace.events);
}

/** The same of a login. */
export function findLoginEventFaults(trace: LoginTrace): readonly EventFault[] {
  return compare(
    [
      exactly('login.requested', 1),
      once('browser.bound', trace.isBound),
      once('login.authenticated', trace.isAuthenticated || trace.state === 'authenticated'),
      ...LOGIN_ENDINGS.map((state) => once(`login.${state}`, trace.state === state)),
      erasure(trace),
    ],
    trace.events,
  );
}

const LOGIN_ENDINGS = ['rejected', 'expired', 'cancelled'];

function compare(expected: readonly Expected[], events: ReadonlyMap<string, number>): readonly EventFault[] {
  return expected.flatMap(({ type, least, most }): readonly EventFault[] => {
    const count = events.get(type) ?? 0;
    if (count < least) return [{ code: 'event-missing', type }];
    return count > most ? [{ code: 'event-unexpected', type }] : [];
  });
}

function expectedEvents(trace: ConsentTrace): readonly Expected[] {
  return [
    exactly('consent.pushed', 1),
    once('browser.bound', trace.isBound),
    once('consent.authorised', trace.isAuthorised),
    // A reload of the return makes another code.
    trace.isReturned ? { type: 'code.issued', least: 1, most: Infinity } : exactly('code.issued', 0),
    // Revocation removes the token from the consent's row.
    trace.state === 'revoked' ? { type: 'token.issued', least: 0, most: 1 } : once('token.issued', trace.hasToken),
    ...ENDINGS.map((state) => once(`consent.${state}`, trace.state === state)),
    once('consent.execution-reported', trace.isReported),
    exactly('evidence.surplus', trace.surplusEvidence),
    erasure(trace),
  ];
}

/** A key that exists after its erasure came from a backup. */
function erasure({ hasEvidence, hasDataKey }: Pick<ConsentTrace, 'hasEvidence' | 'hasDataKey'>): Expected {
  const type = 'evidence.erased';
  if (hasDataKey) return exactly(type, 0);
  return { type, least: hasEvidence ? 1 : 0, most: Infinity };
}

function once(type: string, isSo: boolean): Expected {
  return exactly(type, isSo ? 1 : 0);
}

function exactly(type: string, count: number): Expected {
  return { type, least: count, most: count };
}
