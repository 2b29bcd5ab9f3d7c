import { execute, type Tx } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import type { LoginId } from '../../kernel/ids.ts';
import type { NewAuthentication } from '../store/authentication.ts';

const AUTHENTICATE = statement(
  'login.authenticate',
  `update login set state = 'authenticated', ended_at = $3
    where id = $1 and state = 'awaiting' and expires_at > $2`,
);

/** awaiting → authenticated, by an answer that came in time. False if the login no longer waits, or waited no longer then. */
export async function authenticate(tx: Tx, loginId: LoginId, receivedAt: Date, now: Date): Promise<boolean> {
  return (await execute(tx, AUTHENTICATE, [loginId, receivedAt, now])) === 1;
}

const INSERT_AUTHENTICATION = statement(
  'login.insertAuthentication',
  `insert into authentication (login_id, evidence_id, evidence_digest, order_id, environment, client_id, subject, person_sealed, mac,
                               signed_at, authenticated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

/** A trigger checks that the evidence is this login's own. */
export async function insertAuthentication(tx: Tx, row: NewAuthentication): Promise<void> {
  await execute(tx, INSERT_AUTHENTICATION, [
    row.loginId,
    row.evidenceId,
    row.evidenceDigest,
    row.orderId,
    row.environment,
    row.clientId,
    row.subject,
    row.personSealed,
    row.mac,
    row.signedAt,
    row.authenticatedAt,
  ]);
}
