import { Secret } from '../../../kernel/secret.ts';
import type { DataKey } from '../../../vault/envelope.ts';
import type { BackchannelId } from '../store/backchannel-id.ts';

const KIND = 'backchannel-ping';

/** What a ping says, and by which token the client knows that it is ours. Both are credentials. */
export interface Ping {
  readonly authReqId: Secret;
  readonly token: Secret;
}

/** Seals it for the row of the request. */
export function sealPing(key: DataKey, id: BackchannelId, { authReqId, token }: Ping): Buffer {
  return key.seal(KIND, id, Buffer.from(JSON.stringify([authReqId.reveal(), token.reveal()]), 'utf8'));
}

/** @throws when it was sealed for another row, or was changed */
export function openPing(key: DataKey, id: BackchannelId, sealed: Buffer): Ping {
  const [authReqId, token] = JSON.parse(key.open(KIND, id, sealed).toString('utf8')) as readonly [string, string];
  return { authReqId: new Secret(authReqId), token: new Secret(token) };
}
