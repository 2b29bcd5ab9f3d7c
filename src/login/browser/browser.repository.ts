import type { ClientId, InteractionId, LoginId } from '../../kernel/ids.ts';
import { LATEST_ORDER_COLUMNS, latestOrderOf, parseProgress } from '../../bankid-sign/order-group.repository.ts';
import type { Progress } from '../../bankid-sign/sign-order.ts';
import { execute, maybeRow, type Scope, type Tx } from '../../database/database.ts';
import { bytes, int, optionalBytes, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';
import { loginSubject } from '../../kernel/subject.ts';
import { parseWrappedKey, type WrappedKey } from '../../vault/wrapped-key.ts';
import type { Login, NamedLogin } from '../login.ts';
import { LOGIN_COLUMNS, parseLogin } from '../store/login.repository.ts';

const FIND_UNBOUND = statement(
  'login.findUnbound',
  `select ${LOGIN_COLUMNS} from login l where l.interaction_id = $1 and l.browser_cookie_hash is null`,
);

/** Only while the interaction is unbound: after that, other browsers see nothing of it. */
export async function findUnbound(scope: Scope, interactionId: InteractionId): Promise<Login | undefined> {
  return maybeRow(scope, FIND_UNBOUND, [interactionId], parseLogin);
}

const FIND_IN_BROWSER = statement(
  'login.findInBrowser',
  `select ${LOGIN_COLUMNS} from login l where l.interaction_id = $1 and l.browser_cookie_hash = $2`,
);

/** Only in the browser to which the interaction is bound. */
export async function findInBrowser(
  scope: Scope,
  interactionId: InteractionId,
  cookieHash: Buffer,
): Promise<Login | undefined> {
  return maybeRow(scope, FIND_IN_BROWSER, [interactionId, cookieHash], parseLogin);
}

const FIND_WATCHED = statement(
  'login.findWatched',
  `select ${LOGIN_COLUMNS}, ${LATEST_ORDER_COLUMNS} from login l left join ${latestOrderOf('l.id::text')} on true
    where l.interaction_id = $1 and l.browser_cookie_hash = $2`,
);

/** As {@link findInBrowser}, with how far its latest order had come at that moment. */
export async function findWatched(
  scope: Scope,
  interactionId: InteractionId,
  cookieHash: Buffer,
): Promise<{ readonly login: Login; readonly progress: Progress | undefined } | undefined> {
  return maybeRow(scope, FIND_WATCHED, [interactionId, cookieHash], (row) => ({
    login: parseLogin(row),
    progress: parseProgress(row),
  }));
}

/** Until when a browser may begin. */
export interface BeginTimes {
  readonly now: Date;
  readonly requestedAfter: Date;
}

const BIND_UNBOUND = statement(
  'login.bindUnbound',
  `update login set browser_cookie_hash = $2
    where interaction_id = $1 and browser_cookie_hash is null and state = 'awaiting' and expires_at > $3 and created_at > $4
   returning id, client_id`,
);

/** Binds an unbound interaction. Undefined if it is bound already, or the time to begin has ended. */
export async function bindUnbound(
  tx: Tx,
  interactionId: InteractionId,
  cookieHash: Buffer,
  times: BeginTimes,
): Promise<NamedLogin | undefined> {
  return maybeRow(tx, BIND_UNBOUND, [interactionId, cookieHash, times.now, times.requestedAfter], (row) => ({
    loginId: text(row, 'id') as LoginId,
    clientId: text(row, 'client_id') as ClientId,
  }));
}

/** A login whose row is locked for a press of the button. */
export interface Locked {
  readonly login: Login;
  readonly loginHintSealed: Buffer | undefined;
  readonly dataKey: WrappedKey | undefined;
}

const LOCK_FOR_PRESS = statement(
  'login.lockForPress',
  `select ${LOGIN_COLUMNS}, l.login_hint_sealed, k.key_id, k.kek_id, k.wrapped
     from login l
     left join lateral (select key_id, kek_id, wrapped from data_key
                         where subject = 'login:' || l.client_id || ':' || l.id order by wrapped_at desc limit 1) k on true
    where l.interaction_id = $1
      and (l.browser_cookie_hash = $2 or (l.browser_cookie_hash is null and l.created_at > $4))
      and l.state = 'awaiting' and l.expires_at > $3
      for no key update of l`,
);

/**
 * The login that the browser may press for: its own, or one that no browser has yet. The row stays locked until the transaction ends,
 * so that fifty presses at once are counted one after the other.
 */
export async function lockForPress(
  tx: Tx,
  interactionId: InteractionId,
  cookieHash: Buffer,
  times: BeginTimes,
): Promise<Locked | undefined> {
  return maybeRow(tx, LOCK_FOR_PRESS, [interactionId, cookieHash, times.now, times.requestedAfter], (row) => {
    const login = parseLogin(row);
    return {
      login,
      loginHintSealed: optionalBytes(row, 'login_hint_sealed'),
      dataKey: parseWrappedKey(row, loginSubject(login.clientId, login.loginId)),
    };
  });
}

const FIND_LOGIN_HINT = statement(
  'login.findLoginHint',
  'select login_hint_sealed from login where id = $1 and login_hint_sealed is not null',
);

export async function findLoginHint(scope: Scope, loginId: LoginId): Promise<Buffer | undefined> {
  return maybeRow(scope, FIND_LOGIN_HINT, [loginId], (row) => bytes(row, 'login_hint_sealed'));
}

const RECORD_CANCEL = statement(
  'login.recordCancel',
  'update login_attempt set cancelled_at = $2 where login_id = $1 and outcome is null',
);

/** Records that the person cancels the open order. No effect if none is open. */
export async function recordCancel(scope: Scope, loginId: LoginId, now: Date): Promise<void> {
  await execute(scope, RECORD_CANCEL, [loginId, now]);
}

const COUNT_PRESSES = statement(
  'login.countPresses',
  `select count(*) filter (where outcome is distinct from 'not-asked') as presses from login_attempt where login_id = $1`,
);

/** Presses that BankID heard of. */
export async function countPresses(scope: Scope, loginId: LoginId): Promise<number> {
  return (await maybeRow(scope, COUNT_PRESSES, [loginId], (row) => int(row, 'presses'))) ?? 0;
}
