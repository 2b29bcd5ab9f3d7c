import { Injectable } from '@nestjs/common';
import { checkSameWay, withNonce } from '../../attempts/backchannel-start.ts';
import { SignOrders } from '../../bankid-sign/sign-orders.ts';
import type { Tx } from '../../database/database.ts';
import { DomainError } from '../../kernel/errors.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { BegunLogin, KeyedLogin, LoginRequest, LoginTerms } from '../login.ts';
import { insertLogin } from '../store/login.repository.ts';
import { newLogin } from '../store/new-login.ts';
import { LoginOrders, relyingPartyOf } from './login-orders.ts';
import { Presses } from './presses.ts';
import { UnplacedOrders } from './unplaced-orders.ts';

/** Stores logins as they are asked for: by a backchannel request with its one attempt and order, by a push alone. */
@Injectable()
export class Requests {
  constructor(
    private readonly envelope: Envelope,
    private readonly presses: Presses,
    private readonly loginOrders: LoginOrders,
    private readonly orders: SignOrders,
    private readonly unplaced: UnplacedOrders,
  ) {}

  /** A login that waits for its browser. @throws DomainError `oauth.unauthorized-client` where no RP certificate is the client's own */
  async push(tx: Tx, request: LoginRequest): Promise<KeyedLogin> {
    if (request.channel.way !== 'browser') throw new TypeError('only a login in a browser is pushed without an order');
    relyingPartyOf(request.client);
    const { row, key } = newLogin(this.envelope, request);
    await insertLogin(tx, row);
    return { login: row.login, key };
  }

  /**
   * @throws DomainError `oauth.unauthorized-client`; `login.too-many-orders` with the time to wait; `bankid.already-in-progress` where a
   *   limit of calls refuses it
   */
  async begin(tx: Tx, request: LoginRequest, terms: LoginTerms): Promise<BegunLogin> {
    const { client, channel, person } = request;
    checkSameWay(channel, terms.start);
    const relyingParty = relyingPartyOf(client);
    const { row, key } = newLogin(this.envelope, request);
    const { login } = row;
    await insertLogin(tx, row);
    const { start, nonce: returnNonce } = withNonce(terms.start);
    const attempt = await this.presses.enter(tx, { login, person, returnNonce });
    if (attempt instanceof DomainError) throw attempt;
    const facts = {
      ...attempt,
      person,
      start,
      language: terms.language,
      relyingParty,
      phoneLimits: client.phoneLimits,
    };
    const { unsent } = await this.loginOrders.insert(tx, key, login, facts);
    const { loginId, clientId, expiresAt } = login;
    if (!unsent) throw new TypeError(`login ${loginId} is new and has an open order`);
    return { loginId, clientId, subject: key.subject, key, expiresAt, unsent };
  }

  /** @throws DomainError of BankID; then the login has ended */
  async send(begun: BegunLogin): Promise<void> {
    try {
      await this.orders.sendOrder(begun.unsent);
    } catch (error) {
      await this.unplaced.end(begun, error instanceof DomainError ? error.code : 'internal');
      throw error;
    }
  }
}
