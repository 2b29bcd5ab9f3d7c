import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Client } from '../../clients/clients.ts';
import { encryptJwt } from '../oauth/encrypted-jwt.ts';
import type { IntrospectionResponse } from './introspection-response.ts';

const TYPE = 'token-introspection+jwt';

/** Introspection answers that a bank can show to others: signed, and encrypted where they name the payer. */
@Injectable()
export class SignedIntrospection {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Signed, then encrypted for a bank that registered a key. To one that did not, the payer is left out: a personal number
   * never stands in a JWT, which is not encrypted.
   * @returns a JWS, or a JWE around it, in compact form
   * @see RFC 9701 §5
   */
  async sign(answer: IntrospectionResponse, bank: Client): Promise<string> {
    const { encryptionKey } = bank;
    const claims = {
      iss: this.config.issuer,
      aud: bank.id,
      iat: Math.floor(this.clock.now().getTime() / 1000),
      token_introspection: encryptionKey ? answer : withoutPayer(answer),
    };
    const jws = await this.keys.sign('tokens', Buffer.from(JSON.stringify(claims), 'utf8'), { typ: TYPE });
    return encryptionKey ? encryptJwt(jws, encryptionKey, TYPE) : jws;
  }
}

function withoutPayer(answer: IntrospectionResponse): object {
  if (!answer.active) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== 'payer'));
}
