import { maybeRow, type Scope } from '../../database/database.ts';
import { bytes, instant, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { ClientId, EvidenceId, LoginId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { parseWrappedKey, type WrappedKey } from '../../vault/wrapped-key.ts';
import type { Login } from '../login.ts';
import type { NewAuthentication } from './authentication.ts';
import { LOGIN_COLUMNS, parseLogin } from './login.repository.ts';

/** Who identified themselves, according to a row. Only `Authentications` may use it, after verifying the MAC. */
export interface StoredAuthentication extends Omit<NewAuthentication, 'orderId'> {
  /** What was asked. */
  readonly login: Login;
  /** Undefined where it was erased. */
  readonly dataKey: WrappedKey | undefined;
}

const FIND_AUTHENTICATION = statement(
  'login.findAuthentication',
  `select ${LOGIN_COLUMNS}, a.client_id as signed_client_id, a.evidence_id, a.evidence_digest, a.environment, a.subject,
          a.person_sealed, a.mac, a.signed_at, a.authenticated_at, k.key_id, k.kek_id, k.wrapped
     from authentication a
     join login l on l.id = a.login_id
     left join lateral (select key_id, kek_id, wrapped from data_key
                         where data_key.subject = 'login:' || a.client_id || ':' || a.login_id
                         order by wrapped_at desc limit 1) k on true
    where a.login_id = $1 and num_nulls(a.subject, a.mac) = 0`,
);

export async function findAuthentication(scope: Scope, loginId: LoginId): Promise<StoredAuthentication | undefined> {
  return maybeRow(scope, FIND_AUTHENTICATION, [loginId], (row) => {
    const clientId = text(row, 'signed_client_id') as ClientId;
    return {
      login: parseLogin(row),
      loginId,
      clientId,
      evidenceId: text(row, 'evidence_id') as EvidenceId,
      evidenceDigest: bytes(row, 'evidence_digest'),
      environment: text(row, 'environment') as Environment,
      subject: text(row, 'subject'),
      personSealed: bytes(row, 'person_sealed'),
      mac: bytes(row, 'mac'),
      signedAt: instant(row, 'signed_at'),
      authenticatedAt: instant(row, 'authenticated_at'),
      dataKey: parseWrappedKey(row, loginSubject(clientId, loginId)),
    };
  });
}
