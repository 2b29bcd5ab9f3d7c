import type { DataKey } from '../../vault/envelope.ts';
import { bytes, optionalText, text, type Row } from '../../database/rows.ts';
import type { ClientId, LoginId } from '../../kernel/ids.ts';
import type { LoginRequestRow } from './login-request.repository.ts';

const KIND = 'login-request';

/** What a client pushed, and the login that it was pushed for. */
export type PushedLogin = Pick<
  LoginRequestRow,
  'loginId' | 'clientId' | 'requestUriHash' | 'redirectUri' | 'state' | 'codeChallenge' | 'dpopJkt'
>;

/** As its row says, beside what was sealed. */
export interface StoredLoginPush {
  readonly pushed: PushedLogin;
  readonly sealed: Buffer;
}

/** The columns of `login_request` that {@link parseStoredPush} reads. */
export const PUSHED_COLUMNS = `r.login_id, r.client_id, r.request_uri_hash, r.redirect_uri, r.state, r.code_challenge, r.dpop_jkt,
            r.request_sealed`;

export function parseStoredPush(row: Row): StoredLoginPush {
  return {
    pushed: {
      loginId: text(row, 'login_id') as LoginId,
      clientId: text(row, 'client_id') as ClientId,
      requestUriHash: bytes(row, 'request_uri_hash'),
      redirectUri: text(row, 'redirect_uri'),
      state: optionalText(row, 'state'),
      codeChallenge: text(row, 'code_challenge'),
      dpopJkt: optionalText(row, 'dpop_jkt'),
    },
    sealed: bytes(row, 'request_sealed'),
  };
}

/** What was pushed, sealed for its login, so that neither can be exchanged in the row. @param key of the login */
export function sealPushedLogin(key: DataKey, pushed: PushedLogin): Buffer {
  return key.seal(KIND, pushed.loginId, textOf(pushed));
}

/** Whether exactly this was pushed for the login. @param key of the login */
export function isPushedLogin(key: DataKey, pushed: PushedLogin, sealed: Buffer): boolean {
  try {
    return key.open(KIND, pushed.loginId, sealed).equals(textOf(pushed));
  } catch {
    return false;
  }
}

function textOf({ clientId, requestUriHash, redirectUri, state, codeChallenge, dpopJkt }: PushedLogin): Buffer {
  const facts = [clientId, requestUriHash.toString('base64url'), redirectUri, state ?? null, codeChallenge];
  return Buffer.from(JSON.stringify([...facts, dpopJkt ?? null]), 'utf8');
}
