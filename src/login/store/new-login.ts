import { personHash } from '../../vault/person-hash.ts';
import { eventText } from '../../audit/audit-trail.ts';
import { newInteractionId, newLoginId } from '../../kernel/ids.ts';
import { loginSubject } from '../../kernel/subject.ts';
import type { DataKey, Envelope } from '../../vault/envelope.ts';
import type { Login, LoginRequest } from '../login.ts';
import { claimsText } from './hashes.ts';
import { LOGIN_HINT } from './login-hint.ts';
import type { NewLogin } from './login.repository.ts';

/** The row of a new login, its event and its data key. */
export function newLogin(envelope: Envelope, request: LoginRequest): { readonly row: NewLogin; readonly key: DataKey } {
  const { client, channel, scopes, claims, nonce, bindingMessage, person } = request;
  const loginId = newLoginId();
  const { key, stored } = envelope.newDataKey(loginSubject(client.id, loginId));
  const login: Login = {
    loginId,
    clientId: client.id,
    clientName: client.name,
    channel,
    interactionId: channel.way === 'browser' ? newInteractionId() : undefined,
    scopes,
    claims,
    nonce,
    bindingMessage,
    payer: person === undefined ? 'unbound' : 'bound',
    state: 'awaiting',
    reason: undefined,
    failedAttempts: 0,
    createdAt: request.requestedAt,
    expiresAt: request.expiresAt,
    endedAt: undefined,
  };
  const event = {
    type: 'login.requested',
    at: request.requestedAt,
    actor: client.id,
    detail: { way: channel.way, payer: login.payer },
  };
  const row = {
    login,
    claimsText: claimsText(claims),
    boundPayerHash: person && personHash(envelope, person),
    loginHintSealed: person && key.seal(LOGIN_HINT, loginId, Buffer.from(person, 'utf8')),
    dataKey: stored,
    event: eventText(event),
  };
  return { row, key };
}
