import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.ts';
import type { Caller } from '../../client-auth/access.ts';
import { Clients } from '../../clients/clients.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { Authentications } from '../../login/authentications.ts';
import type { AuthenticatedLogin } from '../../login/login.ts';
import { CLOCK } from '../../operations/clock.ts';
import { claimsOf, isNumberClaim, requestedClaims } from '../../login/person-claims.ts';
import { SignedUserinfo } from './signed-userinfo.ts';

/** The body as it is sent, and its media type. */
export interface UserinfoAnswer {
  readonly type: 'application/json' | 'application/jwt';
  readonly body: string;
}

/** What a login says of the person, to the client that asked for it. */
@Injectable()
export class UserinfoService {
  constructor(
    private readonly authentications: Authentications,
    private readonly clients: Clients,
    private readonly signed: SignedUserinfo,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Each reading is recorded as an event of the login, before it is answered.
   * @throws DomainError `login.not-found` if the person was erased or the stored login is not what was signed; `service.key-missing`
   * @see OpenID Connect Core §5.3.2
   */
  async read({ loginId, clientId }: Caller): Promise<UserinfoAnswer> {
    const login = loginId && (await this.authentications.findAuthenticated(loginId));
    if (login?.clientId !== clientId) throw new DomainError('login.not-found');
    const client = this.clients.getClient(clientId);
    const isSigned = client.login?.userinfoSignedResponseAlg !== undefined;
    const claims = this.#claimsOf(login, !isSigned || client.encryptionKey !== undefined);
    await this.audit.appendStandalone(loginSubject(clientId, login.loginId), {
      type: 'login.userinfo-read',
      at: this.clock.now(),
      actor: clientId,
      detail: { claims: Object.keys(claims).sort() },
    });
    return isSigned
      ? { type: 'application/jwt', body: await this.signed.sign(claims, client) }
      : { type: 'application/json', body: JSON.stringify(claims) };
  }

  /** @param mayHoldNumber false for a JWT that is not encrypted */
  #claimsOf(login: AuthenticatedLogin, mayHoldNumber: boolean): Readonly<Record<string, string>> {
    const asked = requestedClaims(login, 'userinfo').filter((claim) => mayHoldNumber || !isNumberClaim(claim));
    return { sub: login.subject, ...claimsOf(login.person, asked) };
  }
}
