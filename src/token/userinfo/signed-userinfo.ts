import { Inject, Injectable } from '@nestjs/common';
import { Clients, type Client } from '../../clients/clients.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { CLOCK } from '../../operations/clock.ts';
import { encryptJwt } from '../oauth/encrypted-jwt.ts';

/** Answers of /userinfo that a client can show to others: signed, and encrypted where the client has registered a key. */
@Injectable()
export class SignedUserinfo {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
    clients: Clients,
  ) {
    const algorithms = keys.algorithmsOf('tokens');
    for (const { id, login } of clients.all()) {
      const asked = login?.userinfoSignedResponseAlg;
      if (asked === undefined || algorithms.includes(asked)) continue;
      throw new TypeError(`the client ${id} is registered for ${asked}: no key for tokens in SIGNING_KEYS_FILE has it`);
    }
  }

  /**
   * @returns a JWS, or a JWE around it, in compact form
   * @see OpenID Connect Core §5.3.2. It has no `exp`, so it can never be taken for an id_token (§3.1.3.7)
   */
  async sign(claims: Readonly<Record<string, string>>, { id, login, encryptionKey }: Client): Promise<string> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const payload = { ...claims, iss: this.config.issuer, aud: id, iat: issuedAt };
    const header = { typ: 'JWT' };
    const jws = await this.keys.sign(
      'tokens',
      Buffer.from(JSON.stringify(payload), 'utf8'),
      header,
      login?.userinfoSignedResponseAlg,
    );
    return encryptionKey ? encryptJwt(jws, encryptionKey, 'JWT') : jws;
  }
}
