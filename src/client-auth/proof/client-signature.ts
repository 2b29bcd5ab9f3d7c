import { isSignedWith, type Jws } from '../../crypto/jose/jws.ts';
import { algorithmNames, type Client, type ClientKey } from '../../clients/clients.ts';
import { isMediaType } from './media-type.ts';

type Refuse = (detail: string) => never;

/** The same answer for an unknown client, an unknown key and a wrong signature, so ids cannot be guessed. */
export const NO_SUCH_SIGNATURE = 'no such client, key or signature';

/**
 * Checks that a JWT is signed with one of the client's registered keys, with that key's algorithm and not the header's.
 * @param types the media types that `typ` may name, if present: a JWT for another purpose is refused
 * @see RFC 7515 §5.2, RFC 8725 §3.1, §3.11
 */
export function checkClientSignature(jws: Jws, client: Client, types: readonly string[], refuse: Refuse): void {
  const { key, algorithm } = chooseKey(jws, client, types, refuse);
  if (!isSignedWith(jws, algorithm, key)) refuse(NO_SUCH_SIGNATURE);
}

/** By `kid`, which may be absent if the client has one key. The algorithm is the key's, never the header's. */
function chooseKey({ header }: Jws, client: Client, types: readonly string[], refuse: Refuse): ClientKey {
  const { typ, kid, alg } = header;
  if (typ !== undefined && !isMediaType(typ, types)) return refuse('typ is not that of this kind of JWT');
  if (kid === undefined && client.keys.length > 1) return refuse('kid is missing');
  const key = kid === undefined ? client.keys[0] : client.keys.find((candidate) => candidate.kid === kid);
  const isNamed = key && algorithmNames[key.algorithm].some((name) => name === alg);
  return isNamed ? key : refuse(NO_SUCH_SIGNATURE);
}
