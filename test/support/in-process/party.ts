import { createHash, randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import type { Clock } from '../../../src/kernel/clock.ts';

export const issuer = 'https://sigill.example';

export interface ProofParts {
  readonly claims?: JWTPayload;
  readonly accessToken?: string;
}

/** A registered client with its signing key and its DPoP key: makes assertions and proofs by hand, also wrong ones. */
export class Party {
  private constructor(
    readonly id: string,
    readonly publicJwk: JWK,
    readonly jkt: string,
    private readonly clock: Clock,
    private readonly signer: CryptoKey,
    private readonly dpopSigner: CryptoKey,
    private readonly dpopJwk: JWK,
  ) {}

  static async create(id: string, clock: Clock): Promise<Party> {
    const signing = await generateKeyPair('ES256');
    const dpop = await generateKeyPair('ES256');
    const dpopJwk = await exportJWK(dpop.publicKey);
    const publicJwk = { ...(await exportJWK(signing.publicKey)), kid: `${id}-1` };
    const jkt = await calculateJwkThumbprint(dpopJwk);
    return new Party(id, publicJwk, jkt, clock, signing.privateKey, dpop.privateKey, dpopJwk);
  }

  /** The two form fields by which the client authenticates. */
  async credentials(claims: JWTPayload = {}): Promise<Record<string, string>> {
    const payload = { iss: this.id, sub: this.id, aud: issuer, jti: randomUUID(), exp: this.#now() + 60, ...claims };
    const header = { alg: 'ES256', kid: `${this.id}-1` };
    return {
      client_id: this.id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(payload).setProtectedHeader(header).sign(this.signer),
    };
  }

  proof(method: string, path: string, { claims = {}, accessToken }: ProofParts = {}): Promise<string> {
    const ath = accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') };
    const payload = { jti: randomUUID(), htm: method, htu: `${issuer}${path}`, iat: this.#now(), ...ath, ...claims };
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: this.dpopJwk };
    return new SignJWT(payload).setProtectedHeader(header).sign(this.dpopSigner);
  }

  #now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
