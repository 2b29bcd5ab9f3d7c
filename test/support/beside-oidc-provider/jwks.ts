import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type JWTPayload,
} from 'jose';
import type { Side } from './verdict.ts';

/** The claims of a JWT that this server signed by ES256, with a key that it publishes. */
export async function verifiedBy(side: Side, jws: string, expected: JWTVerifyOptions): Promise<JWTPayload> {
  const { body } = await side.tpp.get(side.jwks);
  const keys: JWTVerifyGetKey = createLocalJWKSet(body as unknown as JSONWebKeySet);
  const options = { ...expected, issuer: side.tpp.issuer, algorithms: ['ES256'] };
  return (await jwtVerify(jws, keys, options)).payload;
}

/** The claim for which a JWT is refused. */
export async function wrongClaim(verification: Promise<unknown>): Promise<string> {
  try {
    await verification;
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
    throw error;
  }
  return 'none';
}
