import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Grant } from '../../consent/consent.ts';
import type { Client } from '../../clients/clients.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { AuthenticatedLogin } from '../../login/login.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { ACR } from '../../config/payment-acr.ts';
import { acrOfLogin } from '../oauth/acr.ts';
import { encryptJwt } from '../oauth/encrypted-jwt.ts';
import { claimsOf, isNumberClaim, requestedClaims } from '../../login/person-claims.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';

/** id_tokens: of a payment, so that a TPP's OpenID Connect client works unchanged; and of a login. */
@Injectable()
export class IdTokens {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Of a payment: it says that the consent was signed, not by whom. Pairwise `sub`, `acr`, `auth_time`, `nonce`: no personal data.
   * @see OpenID Connect Core §2, §8.1
   */
  issue({ subject, clientId, signedAt }: Grant, nonce: string | undefined, now: Date): Promise<string> {
    return this.#sign({ subject, clientId, signedAt, nonce }, now, { acr: ACR });
  }

  /**
   * Of a login: it says who logged in as far as the client asked for that, encrypted where the client has registered a key. The
   * number of the person never stands in one that is not encrypted.
   * @see OpenID Connect Core §2, §5.4, §10.2; RFC 8176 §2 (`mfa`: possession of the device and a security code)
   */
  async issueForLogin(login: AuthenticatedLogin, { encryptionKey }: Client, now: Date): Promise<string> {
    const asked = requestedClaims(login, 'id_token').filter((claim) => encryptionKey || !isNumberClaim(claim));
    const jws = await this.#sign(login, now, {
      acr: acrOfLogin(this.config.loginAcr, login.channel),
      amr: ['mfa'],
      ...claimsOf(login.person, asked),
    });
    return encryptionKey ? encryptJwt(jws, encryptionKey, 'JWT') : jws;
  }

  #sign({ subject, clientId, signedAt, nonce }: Facts, now: Date, claims: JsonObject): Promise<string> {
    const issuedAt = Math.floor(now.getTime() / 1000);
    const payload = {
      iss: this.config.issuer,
      sub: subject,
      aud: clientId,
      exp: issuedAt + ACCESS_TOKEN_SECONDS,
      iat: issuedAt,
      auth_time: Math.floor(signedAt.getTime() / 1000),
      ...(nonce === undefined ? {} : { nonce }),
      ...claims,
    };
    return this.keys.sign('tokens', Buffer.from(JSON.stringify(payload), 'utf8'), { typ: 'JWT' });
  }
}

type Facts = Pick<AuthenticatedLogin, 'subject' | 'clientId' | 'signedAt' | 'nonce'>;
