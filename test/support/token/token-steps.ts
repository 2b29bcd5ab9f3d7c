import { join } from 'node:path';
import { Settlement } from '../../../bench/token/settlement.ts';
import { browserCookieName } from '../../../src/attempts/browser-cookie.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { RawClient, type Fields, type Line, type RawPushed } from '../parties/raw-client.ts';
import { anna, payment, TestSystem, type TestSystemOptions } from '../system/system.ts';
import { SystemSteps } from '../system/system-steps.ts';

/** A pushed consent that its payer has signed, in a browser whose cookie is known. */
export interface Signed extends RawPushed {
  /** Who pushed it. */
  readonly party: RawClient;
  readonly interaction: string;
  /** The value alone. */
  readonly cookie: string;
}

/** The same with the code that its browser came back with. */
export interface Coded extends Signed {
  readonly code: string;
}

/** From push to token: the whole service, clients that can do wrong, and a payer who signs without BankID. */
export class TokenSteps extends SystemSteps {
  readonly #settlement: Settlement;

  private constructor(world: TestSystem) {
    super(world);
    this.#settlement = new Settlement(world.system.app, world.clock);
  }

  static async start(options: TestSystemOptions = {}): Promise<TokenSteps> {
    return new TokenSteps(await TestSystem.start(options));
  }

  get tpp(): RawClient {
    return this.parties.tpp;
  }

  get bank(): RawClient {
    return this.parties.bank;
  }

  get clients(): TestSystem['system']['clients'] {
    return this.world.system.clients;
  }

  get metricsUrl(): string {
    return this.world.system.metricsUrl;
  }

  /** The TPP's key as it is registered: public members alone. */
  get registeredKey(): Readonly<Record<'kty' | 'crv' | 'x' | 'y', string>> {
    const { kty = '', crv = '', x = '', y = '' } = this.clients.tpp.privateJwk;
    return { kty, crv, x, y };
  }

  /** Another client of the sandbox, as one that can do wrong. */
  connect(name: 'certificateTpp' | 'signingTpp' | 'suite3' | 'suite5', line?: Line): Promise<RawClient> {
    return RawClient.create(this.clients[name], this.tpp.issuer, this.clock, line);
  }

  /** Where keys and certificates of the service are. */
  get folder(): string {
    return join(this.world.folder, 'service');
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** A request that must be refused with a 4xx and leave nothing behind. */
  refused(request: () => Promise<RawAnswer>): Promise<RawAnswer> {
    return this.world.refused(request);
  }

  /** Pushes with this assertion or these changes. */
  async pushWith(assertion: string, changes: Fields = {}): Promise<RawAnswer> {
    return this.tpp.post('/par', { ...this.tpp.pushFields(), ...this.tpp.credentials(assertion), ...changes });
  }

  /** Visits the link that the payer was sent to. */
  visit(pushed: Pick<RawPushed, 'requestUri'>, changes: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    const query = new URLSearchParams({ client_id: this.tpp.id, request_uri: pushed.requestUri, ...changes });
    return this.tpp.get(`/authorize?${query.toString()}`);
  }

  /** Signs for the payer of a pushed request. */
  async sign<P extends Pick<RawPushed, 'requestUri'>>(
    pushed: P,
    clientId = this.tpp.id,
  ): Promise<P & Pick<Signed, 'interaction' | 'cookie'>> {
    const page = await this.visit(pushed, { client_id: clientId });
    const interaction = page.headers.get('location')?.split('/').at(-1) ?? '';
    return { ...pushed, interaction, cookie: await this.#settlement.settle(interaction) };
  }

  /** The browser goes back to the TPP. */
  goBack({ interaction, cookie }: Pick<Signed, 'interaction' | 'cookie'>): Promise<RawAnswer> {
    const name = browserCookieName(this.tpp.issuer);
    return this.tpp.get(`/authorize/${interaction}/return`, { cookie: `${name}=${cookie}` });
  }

  /** The address by which the browser of a pushed request comes back, once its payer has signed. */
  async returnOf(pushed: Pick<RawPushed, 'requestUri'>, clientId: string): Promise<URL> {
    const answer = await this.goBack(await this.sign(pushed, clientId));
    return new URL(answer.headers.get('location') ?? '', this.tpp.issuer);
  }

  /** The code of a pushed request, once its payer has signed. */
  async codeFor(pushed: Pick<RawPushed, 'requestUri'>, clientId: string): Promise<string> {
    return codeIn(await this.returnOf(pushed, clientId));
  }

  /** A consent that is pushed, right but for `changes`, and signed. */
  async signed(changes: Fields = {}): Promise<Signed> {
    return { ...(await this.sign(await this.tpp.push(payment, changes))), party: this.tpp };
  }

  /** Comes back in this browser: a new code. */
  async code(signed: Pick<Signed, 'interaction' | 'cookie'>): Promise<string> {
    const answer = await this.goBack(signed);
    return codeIn(new URL(answer.headers.get('location') ?? '', this.tpp.issuer));
  }

  async coded(changes: Fields = {}): Promise<Coded> {
    const signed = await this.signed(changes);
    return { ...signed, code: await this.code(signed) };
  }

  redeem(coded: Pick<Coded, 'code' | 'codeVerifier' | 'party'>, changes: Fields = {}): Promise<RawAnswer> {
    return coded.party.postAs('/token', { ...coded.party.redemption(coded.code, coded), ...changes });
  }

  /** A consent's own token, from push to redemption. */
  async token(): Promise<Coded & { readonly token: string }> {
    const coded = await this.coded();
    const { status, body } = await this.redeem(coded);
    if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(body)}`);
    return { ...coded, token: String(body['access_token']) };
  }

  /** Without a proof: a bank needs none. */
  async introspect(token: string, party = this.bank): Promise<RawAnswer> {
    return party.post('/introspect', { ...(await party.authentication()), token });
  }

  async isActive(token: string): Promise<boolean> {
    return (await this.introspect(token)).body['active'] === true;
  }

  async stateOf(consentId: string): Promise<{ readonly state: string; readonly reason: string | null }> {
    const [row] = await this.database.asOwner('select state, reason from consent where id = $1', [consentId]);
    return row as { state: string; reason: string | null };
  }

  async count(table: string): Promise<number> {
    const [row] = await this.database.asOwner(`select count(*)::int as n from ${table}`);
    return Number(row?.['n']);
  }

  async evidenceDigestOf(consentId: string): Promise<string> {
    const sql = 'select evidence_digest as digest from authorisation where consent_id = $1';
    const [row] = await this.database.asOwner(sql, [consentId]);
    return (row?.['digest'] as Buffer).toString('base64url');
  }
}

/** What a bank consumes with. */
export function consumption(accessTokenSha256: string, paymentReference: string): Record<string, unknown> {
  return { accessTokenSha256, payment, payer: { personalNumber: anna }, paymentReference };
}

function codeIn(returned: URL): string {
  return returned.searchParams.get('code') ?? '';
}
