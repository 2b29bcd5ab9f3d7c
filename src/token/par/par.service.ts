import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { checkPushedParameters } from './checks/check-request-object.ts';
import type { Form } from '../form/form.ts';
import { Callers } from '../oauth/callers.ts';
import { checkRole } from '../oauth/client-authenticator.ts';
import { isLoginRequest } from '../openid/login-request.ts';
import { LoginPushes } from './login-pushes.ts';
import { PaymentPushes } from './payment-pushes.ts';
import type { PushedResponse } from './pushed-requests.ts';

/** Pushed authorization requests: each creates one consent, or one login. */
@Injectable()
export class ParService {
  constructor(
    private readonly callers: Callers,
    private readonly payments: PaymentPushes,
    private readonly logins: LoginPushes,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** @see RFC 9126 §2 */
  async push(request: Request, form: Form): Promise<PushedResponse> {
    const { client, proof } = await this.callers.authenticateWithProof(request, form, 'par');
    checkRole(client, ['tpp', 'rp']);
    const pushed = checkPushedParameters(form, client, this.config.issuer, this.clock.now());
    return isLoginRequest(pushed.form, client)
      ? this.logins.push(pushed, client, proof)
      : this.payments.push(request, pushed, client, proof);
  }
}
