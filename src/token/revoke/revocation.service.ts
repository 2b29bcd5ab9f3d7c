import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Consents } from '../../consent/consents.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { CLOCK } from '../../platform/clock.ts';
import type { Tx } from '../../platform/database.ts';
import { findLiveAccessToken, hashToken, revokeAccessToken } from '../../tpp/access-tokens.ts';
import type { Form } from '../form/form.ts';
import { checkRole, ClientAuthenticator } from '../proof/client-authenticator.ts';
import { OneTimeProofs } from '../proof/one-time-proofs.ts';

@Injectable()
export class RevocationService {
  readonly #authenticator: ClientAuthenticator;
  readonly #proofs: OneTimeProofs;
  readonly #consents: Consents;
  readonly #clock: Clock;

  constructor(
    authenticator: ClientAuthenticator,
    proofs: OneTimeProofs,
    consents: Consents,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#authenticator = authenticator;
    this.#proofs = proofs;
    this.#consents = consents;
    this.#clock = clock;
  }

  /** Unknown, foreign and dead tokens are answered like live ones. @see RFC 7009 §2.1, §2.2 */
  async revoke(request: Request, form: Form): Promise<void> {
    const authenticated = await this.#authenticator.admit(request, form, 'token');
    await this.#proofs.using(authenticated.replay, async (proofs) => {
      checkRole(authenticated, ['tpp', 'bank']);
      const hash = hashToken(form.get('token'));
      await proofs.spend((tx) => this.#end(tx, hash, authenticated.client.id));
    });
  }

  /** The consent before the token, as everywhere: two who revoke at once wait for each other. */
  async #end(tx: Tx, hash: Buffer, clientId: ClientId): Promise<void> {
    const now = this.#clock.now();
    const token = await findLiveAccessToken(tx, hash, now);
    if (token?.clientId !== clientId) return;
    if (token.kind === 'consent') await this.#consents.revokeIn(tx, token.consentId, { clientId }, 'tpp');
    await revokeAccessToken(tx, hash, clientId, now);
  }
}
