import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Consents } from '../../consent/consents.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database, type Tx } from '../../database/database.ts';
import { findLiveAccessToken, hashToken, revokeAccessToken } from '../../client-auth/access-tokens.ts';
import type { Form } from '../form/form.ts';
import { Callers } from '../oauth/callers.ts';
import { checkRole } from '../oauth/client-authenticator.ts';

@Injectable()
export class RevocationService {
  constructor(
    private readonly callers: Callers,
    private readonly consents: Consents,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The answer is the same for unknown tokens, other clients' tokens and revoked ones. @see RFC 7009 §2.1, §2.2 */
  async revoke(request: Request, form: Form): Promise<void> {
    const client = await this.callers.authenticate(request, form, 'token');
    checkRole(client, ['tpp', 'bank', 'rp']);
    const hash = hashToken(form.get('token'));
    await this.database.inTransaction((tx) => this.#end(tx, hash, client.id));
  }

  /** Locks the consent before the token, as everywhere, so that two revocations cannot deadlock. */
  async #end(tx: Tx, hash: Buffer, clientId: ClientId): Promise<void> {
    const now = this.clock.now();
    const token = await findLiveAccessToken(tx, hash, now);
    if (token?.clientId !== clientId) return;
    if (token.kind === 'consent') await this.consents.revokeIn(tx, token.consentId, { clientId }, 'tpp');
    await revokeAccessToken(tx, hash, clientId, now);
  }
}
