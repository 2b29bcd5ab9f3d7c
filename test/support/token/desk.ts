import { join } from 'node:path';
import { Settlement } from '../../../bench/token/settlement.ts';
import { browserCookieName } from '../../../src/consent/browser-cookie.ts';
import type { TestDatabase } from '../database/database.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { RawClient, type Line, type RawPushed } from '../parties/raw-client.ts';
import { leavesNothing, rawParties, type RawParties } from '../parties/raw-parties.ts';
import { anna, payment, TestSystem, type TestSystemOptions } from '../system/system.ts';

/** A consent that is signed, with the code that its browser came back with. */
export interface Coded {
  readonly pushed: RawPushed;
  readonly interaction: string;
  readonly cookie: string;
  readonly code: string;
}

/** Where attacks are made from: the whole service, clients that can do wrong, and a payer who signs without BankID. */
export class Desk {
  readonly parties: RawParties;
  readonly #world: TestSystem;
  readonly #settlement: Settlement;

  private constructor(world: TestSystem, parties: RawParties) {
    this.#world = world;
    this.parties = parties;
    this.#settlement = new Settlement(world.system.app);
  }

  static async open(options: TestSystemOptions = {}): Promise<Desk> {
    const world = await TestSystem.start(options);
    return new Desk(world, await rawParties(world));
  }

  get database(): TestDatabase {
    return this.#world.database;
  }

  get tpp(): RawClient {
    return this.parties.tpp;
  }

  get bank(): RawClient {
    return this.parties.bank;
  }

  get clients(): TestSystem['system']['clients'] {
    return this.#world.system.clients;
  }

  get metricsUrl(): string {
    return this.#world.system.metricsUrl;
  }

  /** The TPP's key as it is registered: public members alone. */
  get registeredKey(): Readonly<Record<'kty' | 'crv' | 'x' | 'y', string>> {
    const { kty = '', crv = '', x = '', y = '' } = this.clients.tpp.privateJwk;
    return { kty, crv, x, y };
  }

  /** Another client of the sandbox, as one that can do wrong. */
  connect(name: 'certificateTpp' | 'signingTpp' | 'suite3' | 'suite5', line?: Line): Promise<RawClient> {
    const { clients, issuer } = this.#world.system;
    return RawClient.create(clients[name], issuer, this.#world.clock, line);
  }

  /** Where keys and certificates of the service are. */
  get folder(): string {
    return join(this.#world.folder, 'service');
  }

  /** Signs for the payer of a pushed request, and brings the code. */
  async codeFor(pushed: Pick<RawPushed, 'requestUri'>, clientId: string): Promise<string> {
    return (await this.returnOf(pushed, clientId)).searchParams.get('code') ?? '';
  }

  /** Signs for the payer of a pushed request; the address by which the browser comes back. */
  async returnOf(pushed: Pick<RawPushed, 'requestUri'>, clientId: string): Promise<URL> {
    return this.goBack(await this.#sign(await this.visit(pushed, { client_id: clientId })));
  }

  close(): Promise<void> {
    return this.#world.stop();
  }

  advance(ms: number): void {
    this.#world.clock.advance(ms);
  }

  /** A request that must be refused with a 4xx and leave nothing behind. */
  refused(request: () => Promise<RawAnswer>): Promise<RawAnswer> {
    return leavesNothing(this.database, request);
  }

  /** Pushes with this assertion or these changes. */
  async pushWith(assertion: string, changes: Readonly<Record<string, string | undefined>> = {}): Promise<RawAnswer> {
    return this.tpp.post('/par', { ...this.tpp.pushFields(), ...this.tpp.credentials(assertion), ...changes });
  }

  /** Visits the link that the payer was sent to. */
  visit(pushed: Pick<RawPushed, 'requestUri'>, changes: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    const query = new URLSearchParams({ client_id: this.tpp.id, request_uri: pushed.requestUri, ...changes });
    return this.tpp.send('GET', `/authorize?${query.toString()}`, { headers: {} });
  }

  async coded(changes: Record<string, string> = {}): Promise<Coded> {
    const pushed = await this.tpp.push(payment, changes);
    const visit = await this.#sign(await this.visit(pushed));
    const returned = await this.goBack(visit);
    return { pushed, ...visit, code: returned.searchParams.get('code') ?? '' };
  }

  /** The payer of the page that a visit was sent to says yes. */
  async #sign(page: RawAnswer): Promise<Pick<Coded, 'interaction' | 'cookie'>> {
    const interaction = page.headers.get('location')?.split('/').at(-1) ?? '';
    return { interaction, cookie: await this.#settlement.settle(interaction) };
  }

  async goBack({ interaction, cookie }: Pick<Coded, 'interaction' | 'cookie'>): Promise<URL> {
    const answer = await this.tpp.send('GET', `/authorize/${interaction}/return`, {
      headers: { cookie: `${browserCookieName(this.tpp.issuer)}=${cookie}` },
    });
    return new URL(answer.headers.get('location') ?? '', this.tpp.issuer);
  }

  redeem({ code, pushed }: Coded, changes: Record<string, string | undefined> = {}): Promise<RawAnswer> {
    return this.tpp.postAs('/token', { ...this.tpp.redemption(code, pushed), ...changes });
  }

  /** A consent's own token, from push to redemption. */
  async token(): Promise<Coded & { readonly token: string }> {
    const coded = await this.coded();
    const { status, body } = await this.redeem(coded);
    if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`);
    return { ...coded, token: String(body['access_token']) };
  }

  async isActive(token: string): Promise<boolean> {
    const { body } = await this.bank.postAs('/introspect', { token });
    return body['active'] === true;
  }

  async stateOf(consentId: string): Promise<string> {
    const [row] = await this.database.asOwner('select state from consent where id = $1', [consentId]);
    return String(row?.['state']);
  }
}

/** What a bank consumes with. */
export function consumption(accessTokenSha256: string, paymentReference: string): Record<string, unknown> {
  return { accessTokenSha256, payment, payer: { personalNumber: anna }, paymentReference };
}
