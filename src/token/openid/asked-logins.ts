import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.ts';
import type { ClientId, LoginId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { Authentications } from '../../login/authentications.ts';
import type { AuthenticatedLogin } from '../../login/login.ts';
import { Envelope, type DataKey } from '../../vault/envelope.ts';

/** A login, as the row of a request names it. */
interface Asked {
  readonly loginId: LoginId;
  readonly clientId: ClientId;
}

/**
 * Logins for the requests that asked for them. The row of a request names its login, but the database's owner can change it, so what was
 * sealed for the login when it was asked for is opened before a token is given.
 */
@Injectable()
export class AskedLogins {
  readonly #log = new Logger('token');

  constructor(
    private readonly authentications: Authentications,
    private readonly database: Database,
    private readonly envelope: Envelope,
  ) {}

  /** The ids of the keys under which a login can be read. */
  get keyIds(): readonly string[] {
    return this.authentications.keyIds;
  }

  /**
   * Undefined where the row leads to a login that was asked for by another request, or by another client, which is logged; and where the
   * login is not what was signed.
   * @param isAskedFor opens what was sealed with the data key of the login
   * @throws DomainError `service.key-missing`
   */
  async find(asked: Asked, isAskedFor: (key: DataKey) => boolean): Promise<AuthenticatedLogin | undefined> {
    if (!(await this.isAskedFor(asked, isAskedFor))) return undefined;
    const { loginId, clientId } = asked;
    const login = await this.authentications.findAuthenticated(loginId);
    return login?.clientId === clientId ? login : undefined;
  }
  /**
   * Whether the request that leads to the login asked for it, which is logged if not.
   * @param isAskedFor opens what was sealed with the data key of the login
   */
  async isAskedFor({ loginId, clientId }: Asked, isAskedFor: (key: DataKey) => boolean): Promise<boolean> {
    const key = await this.envelope.findDataKey(this.database, loginSubject(clientId, loginId));
    if (key && isAskedFor(key)) return true;
    this.#log.error(
      `login ${loginId}: the request that leads to it is not the one that asked for it; no token is given`,
    );
    return false;
  }
}
