import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Grant } from '../../consent/consent.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { ACR } from '../oauth/acr.ts';
import { ACCESS_TOKEN_SECONDS } from '../oauth/lifetimes.ts';

/** id_tokens, so that a TPP's OpenID Connect client works unchanged. They say that the consent was signed, not by whom. */
@Injectable()
export class IdTokens {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Pairwise `sub`, `acr`, `auth_time`, `nonce`: no personal data.
   * @see OpenID Connect Core §2, §8.1
   */
  issue(grant: Grant, nonce: string | undefined, now: Date): Promise<string> {
    const issuedAt = Math.floor(now.getTime() / 1000);
    const claims = {
      iss: this.config.issuer,
      sub: grant.subject,
      aud: grant.clientId,
      exp: issuedAt + ACCESS_TOKEN_SECONDS,
      iat: issuedAt,
      auth_time: Math.floor(grant.signedAt.getTime() / 1000),
      acr: ACR,
      ...(nonce === undefined ? {} : { nonce }),
    };
    return this.keys.sign('tokens', Buffer.from(JSON.stringify(claims), 'utf8'), { typ: 'JWT' });
  }
}
