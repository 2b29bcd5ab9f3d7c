import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.ts';
import { OncePerInterval } from '../audit/once-per-interval.ts';
import { Database, type Scope } from '../database/database.ts';
import type { IdentificationSummary } from '../evidence/identification.ts';
import { MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { LoginId } from '../kernel/ids.ts';
import { loginSubject } from '../kernel/subject.ts';
import { CLOCK } from '../operations/clock.ts';
import { Envelope, type DataKey } from '../vault/envelope.ts';
import { pairwiseSubject } from '../vault/pairwise-subject.ts';
import type { WrappedKey } from '../vault/wrapped-key.ts';
import type { VerifiedIdentification } from '../verification/verified-identification.ts';
import type { AuthenticatedLogin, Login, Person } from './login.ts';
import type { NewAuthentication } from './store/authentication.ts';
import { findAuthentication, type StoredAuthentication } from './store/authentication.repository.ts';
import { authenticationMac, isAuthenticationMac } from './store/hashes.ts';
import { openPerson, sealPerson } from './store/sealed-person.ts';

/**
 * Who identified themselves, verified. A row of `authentication` is append-only, but the database's owner can change it, so its MAC,
 * under a key that is not in the database, is computed again each time the row is read.
 */
@Injectable()
export class Authentications {
  readonly #log = new Logger('login');
  readonly #reports = new OncePerInterval(MINUTE_MS);

  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The ids of the keys under which a MAC can be computed again. */
  get keyIds(): readonly string[] {
    return this.envelope.lookupKeyIds;
  }

  /** The row that belongs to an accepted identification. @param key of the login */
  sign(
    key: DataKey,
    login: Login,
    verified: VerifiedIdentification,
    evidence: IdentificationSummary,
  ): NewAuthentication {
    const { loginId, clientId, channel, scopes, claims, nonce } = login;
    const { signer: person, signedAt, environment } = verified;
    const { evidenceId, evidenceDigest, orderId } = evidence;
    const subject = pairwiseSubject(this.envelope, clientId, person.personalNumber);
    const authenticatedAt = this.clock.now();
    const stored = { loginId, evidenceId, evidenceDigest, environment, clientId, subject, signedAt, authenticatedAt };
    const mac = authenticationMac(this.envelope, { ...stored, channel, scopes, claims, nonce, person });
    const personSealed = sealPerson(key, loginId, person);
    return { ...stored, orderId, mac, personSealed };
  }

  /**
   * What a client may be told of a login. Undefined for one without an authentication, and for one whose person was erased; also
   * if the rows are not what was signed, which is logged and recorded as an event of the login.
   * @throws DomainError `service.key-missing`
   */
  async findAuthenticated(loginId: LoginId, scope: Scope = this.database): Promise<AuthenticatedLogin | undefined> {
    const stored = await findAuthentication(scope, loginId);
    if (!stored?.dataKey) return undefined;
    const person = this.#findPerson(stored, stored.dataKey);
    const authenticated = person && authenticatedOf(stored, person);
    const { mac, environment } = stored;
    if (authenticated && isAuthenticationMac(this.envelope, mac, { ...authenticated, environment }))
      return authenticated;
    await this.#report(stored);
    return undefined;
  }

  /** Undefined where what is stored is not what was sealed. */
  #findPerson({ loginId, personSealed }: StoredAuthentication, dataKey: WrappedKey): Person | undefined {
    try {
      return openPerson(this.envelope.unwrap(dataKey), loginId, personSealed);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      return undefined;
    }
  }

  /** Every request for the login is refused, but reported only once a minute, so that repeated requests fill neither log nor chain. */
  async #report({ loginId, login, evidenceId }: StoredAuthentication): Promise<void> {
    const at = this.clock.now();
    if (!this.#reports.admits(loginId, at)) return;
    this.#log.error(`login ${loginId}: its authentication is not what was signed; nobody is told of it`);
    const event = { type: 'authentication.found-altered', at, actor: 'service', detail: { evidenceId } };
    await this.audit.appendStandalone(loginSubject(login.clientId, loginId), event);
  }
}

function authenticatedOf({ login, ...row }: StoredAuthentication, person: Person): AuthenticatedLogin {
  const { scopes, claims, nonce, channel } = login;
  const { loginId, clientId, subject, signedAt, authenticatedAt, evidenceId, evidenceDigest } = row;
  const asked = { channel, scopes, claims, nonce };
  return { ...asked, loginId, clientId, subject, signedAt, authenticatedAt, person, evidenceId, evidenceDigest };
}
