import { Inject, Injectable } from '@nestjs/common';
import type { OrderRequest } from '../../bankid-sign/sign-order.ts';
import { SignOrders, type UnsentOrder } from '../../bankid-sign/sign-orders.ts';
import { Clients, type Client } from '../../clients/clients.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { Tx } from '../../database/database.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { Login } from '../login.ts';
import { loginOrder, type OrderFacts } from './login-order.ts';

/** Stores the orders of logins, each an identification under an RP certificate whose holder is the login's client. */
@Injectable()
export class LoginOrders {
  constructor(
    private readonly orders: SignOrders,
    private readonly clients: Clients,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * In the caller's transaction; undefined where the login has an open order.
   * @param key of the login
   * @throws DomainError `order.already-open` while a signature waits to be settled
   */
  async insert(
    tx: Tx,
    key: DataKey,
    login: Login,
    facts: Omit<OrderFacts, 'environment'>,
  ): Promise<{ readonly order: OrderRequest; readonly unsent: UnsentOrder | undefined }> {
    const order = loginOrder(login, { environment: this.config.environment, ...facts });
    return { order, unsent: await this.orders.insertOrder(tx, key, order) };
  }

  /** @throws DomainError `client.unknown`, `oauth.unauthorized-client` */
  getRelyingParty(clientId: ClientId): string {
    return relyingPartyOf(this.clients.getClient(clientId));
  }
}

/**
 * The BankID app names the holder of the RP certificate, which for a login must be the client.
 * @throws DomainError `oauth.unauthorized-client` for a client without one
 */
export function relyingPartyOf({ bankidCertificate }: Client): string {
  if (bankidCertificate !== undefined) return bankidCertificate;
  throw new DomainError('oauth.unauthorized-client', { detail: 'This client has no RP certificate for logins.' });
}
