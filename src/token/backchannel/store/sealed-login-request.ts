import type { LoginId } from '../../../kernel/ids.ts';
import { DomainError } from '../../../kernel/errors.ts';
import type { DataKey } from '../../../vault/envelope.ts';

const KIND = 'backchannel-login-request';

/** By which a client asks for the token of a login: the login, and the hash of the auth_req_id that was given out for it. */
export interface AskedLogin {
  readonly loginId: LoginId;
  readonly authReqIdHash: Buffer;
}

/** The client's signed request, sealed for its login and its auth_req_id, so that neither can be exchanged in the row. */
export function sealLoginRequest(key: DataKey, asked: AskedLogin, jwt: string): Buffer {
  return key.seal(KIND, nameOf(asked), Buffer.from(jwt, 'utf8'));
}

/**
 * Whether the login was asked for by the request with this auth_req_id.
 * @param key of the login
 * @throws DomainError `service.key-missing`
 */
export function isLoginRequest(key: DataKey, asked: AskedLogin, sealed: Buffer): boolean {
  try {
    key.open(KIND, nameOf(asked), sealed);
    return true;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    return false;
  }
}

function nameOf({ loginId, authReqIdHash }: AskedLogin): string {
  return `${loginId}:${authReqIdHash.toString('base64url')}`;
}
