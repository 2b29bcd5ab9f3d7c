import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { TokenBinding } from '../../client-auth/token-binding.ts';
import type { Client } from '../../clients/clients.ts';
import type { Backchannel } from '../../clients/payer-ways.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { Form } from '../form/form.ts';
import { Callers } from '../oauth/callers.ts';
import { checkRole } from '../oauth/client-authenticator.ts';
import { checkIdempotencyKey } from '../par/checks/check-idempotency-key.ts';
import { BackchannelRequests, type Acknowledgement } from './backchannel-requests.ts';
import { checkSignedRequest } from './checks/check-signed-request.ts';
import { contentOf, type BackchannelParameters } from './checks/parameters.ts';
import { RequestChecks } from './request-checks.ts';
import type { KeyedContent } from './request-keys.ts';

/** Backchannel requests: a client reaches the person itself. */
@Injectable()
export class BackchannelService {
  constructor(
    private readonly callers: Callers,
    private readonly checks: RequestChecks,
    private readonly requests: BackchannelRequests,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @see OpenID CIBA Core §7 */
  async request(request: Request, form: Form): Promise<Acknowledgement> {
    const { client, proof } = await this.callers.authenticateWithProof(request, form, 'par', 'backchannel');
    checkRole(client, ['tpp', 'rp']);
    const backchannel = checkRegistered(client);
    const signed = checkSignedRequest(form, client, this.config.issuer, this.clock.now());
    const checked = this.checks.check(signed.parameters, { request, client, backchannel, proof });
    return this.requests.create(checked, signed, keyedContent(request, client, signed.parameters, checked.binding));
  }
}

/** @throws DomainError `oauth.unauthorized-client` */
function checkRegistered({ backchannel }: Client): Backchannel {
  if (!backchannel) throw new DomainError('oauth.unauthorized-client');
  return backchannel;
}

/** Assertion, proof and the claims of the JWT differ each time; what is asked for, and the key that it is bound to, must not. */
function keyedContent(
  { headers }: Request,
  { id: clientId }: Client,
  parameters: BackchannelParameters,
  binding: TokenBinding | undefined,
): KeyedContent | undefined {
  const key = checkIdempotencyKey(headers['idempotency-key']);
  const content = JSON.stringify([contentOf(parameters), binding ?? null]);
  return key === undefined ? undefined : { clientId, key, content };
}
