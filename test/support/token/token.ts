import { createHash } from 'node:crypto';
import type { DynamicModule, MiddlewareConsumer, NestModule, Type } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { PretendApp } from '../../../simulator/client.ts';
import { Authorisations } from '../../../src/consent/authorisations.ts';
import { newBrowserCookie, setBrowserCookie } from '../../../src/consent/browser-cookie.ts';
import { Database } from '../../../src/database/database.ts';
import type { ClientId, ConsentId } from '../../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { countingStatements, type StatementCount } from '../../../src/operations/statement-count.ts';
import { initiationText, parseInitiation } from '../../../src/payment/initiation.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import type { TestDatabase } from '../database/database.ts';
import type { MovableClock } from '../system/movable-clock.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { newVerifier, type Fields, type RawClient } from '../parties/raw-client.ts';
import { rawParties, type RawParties } from '../parties/raw-parties.ts';
import { TestSystem } from '../system/system.ts';
import { insertAcceptedEvidence } from '../evidence/accepted-evidence.ts';

export const anna = '199001012385' as PersonalNumber;
export const callback = 'https://butik.example/tillbaka?order=7';

export const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Elbolaget AB',
  creditorAccount: { bankgiro: '5050-1055' },
};

export interface Pushed {
  readonly requestUri: string;
  readonly consentId: ConsentId;
  readonly verifier: string;
  readonly party: RawClient;
}

export interface Signed extends Pushed {
  readonly interactionId: string;
  readonly cookie: string;
}

type RequestCount = StatementCount & { readonly path: string };

/** The whole service with its workers at rest; what a payer's signature leaves is put into the tables by hand. */
export class TokenHarness {
  readonly parties: RawParties;
  /** What each request sent to the database, in order. */
  readonly counts: RequestCount[];
  readonly #world: TestSystem;

  private constructor(world: TestSystem, parties: RawParties, counts: RequestCount[]) {
    this.#world = world;
    this.parties = parties;
    this.counts = counts;
  }

  static async start(controllers: Type[] = []): Promise<TokenHarness> {
    const counts: RequestCount[] = [];
    const world = await TestSystem.start({ env: { WORKERS: 'false' }, modules: [trialModule(counts, controllers)] });
    return new TokenHarness(world, await rawParties(world), counts);
  }

  stop(): Promise<void> {
    return this.#world.stop();
  }

  get clock(): MovableClock {
    return this.#world.clock;
  }

  get app(): PretendApp {
    return this.#world.app;
  }

  get db(): TestDatabase {
    return this.#world.database;
  }

  get issuer(): string {
    return this.#world.system.issuer;
  }

  /** A page or document, as a browser asks for it. */
  visit(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.parties.tpp.send('GET', path, { headers });
  }

  post(path: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.parties.tpp.post(path, fields, headers);
  }

  /** A push that is right, but for `changes`; a field given as undefined is left out. */
  async push(changes: Fields = {}, party = this.parties.tpp): Promise<RawAnswer> {
    return this.post('/par', { ...(await this.pushFields(party)), ...changes });
  }

  async pushFields(party = this.parties.tpp, verifier = newVerifier()): Promise<Record<string, string>> {
    return {
      ...party.pushFields(payment, verifier),
      ...(await party.authentication()),
      redirect_uri: callback,
      state: 'st&te',
    };
  }

  async pushed(changes: Fields = {}, party = this.parties.tpp): Promise<Pushed> {
    const verifier = newVerifier();
    const response = await this.post('/par', { ...(await this.pushFields(party, verifier)), ...changes });
    const body = response.body as { request_uri: string; consent_id: ConsentId };
    return { requestUri: body.request_uri, consentId: body.consent_id, verifier, party };
  }

  /** As if the payer had signed in a browser of hers: bound, authorised, with an authorisation row. */
  async signed(changes: Fields = {}): Promise<Signed> {
    const pushed = await this.pushed(changes);
    const cookie = newBrowserCookie();
    const hash = createHash('sha256').update(cookie).digest();
    const now = this.clock.now();
    const [row] = await this.db.asOwner(
      `update consent set browser_cookie_hash = $2, state = 'authorised', authorised_at = $3,
              expires_at = $3::timestamptz + interval '5 minutes' where id = $1 returning interaction_id`,
      [pushed.consentId, hash, now],
    );
    await this.#insertAuthorisation(pushed, now);
    return { ...pushed, interactionId: String(row?.['interaction_id']), cookie: setBrowserCookie(this.issuer, cookie) };
  }

  async goBack({ interactionId, cookie }: Pick<Signed, 'interactionId' | 'cookie'>): Promise<RawAnswer> {
    return this.visit(`/authorize/${interactionId}/return`, { cookie: cookie.split(';')[0] ?? '' });
  }

  async code(signed: Signed): Promise<string> {
    const { headers } = await this.goBack(signed);
    return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  }

  redeem(signed: Signed, code: string, changes: Fields = {}, party = signed.party): Promise<RawAnswer> {
    const form = party.redemption(code, { codeVerifier: signed.verifier });
    return party.postAs('/token', { ...form, redirect_uri: callback, ...changes });
  }

  /** A consent from push to token. */
  async token(): Promise<Signed & { readonly accessToken: string }> {
    const signed = await this.signed();
    const { body } = await this.redeem(signed, await this.code(signed));
    return { ...signed, accessToken: (body as { access_token: string }).access_token };
  }

  machineToken(party: RawClient, scope?: string): Promise<RawAnswer> {
    return party.postAs('/token', { grant_type: 'client_credentials', scope });
  }

  async introspect(token: string, party = this.parties.bank): Promise<RawAnswer> {
    return this.post('/introspect', { ...(await party.authentication()), token });
  }

  async count(table: string): Promise<number> {
    const [row] = await this.db.asOwner(`select count(*)::int as n from ${table}`);
    return Number(row?.['n']);
  }

  async stateOf(consentId: string): Promise<{ state: string; reason: string | null }> {
    const [row] = await this.db.asOwner('select state, reason from consent where id = $1', [consentId]);
    return row as { state: string; reason: string | null };
  }

  async #insertAuthorisation({ consentId, party }: Pushed, at: Date): Promise<void> {
    const envelope = this.get(Envelope);
    const of = { consentId, bank: this.parties.bank.id as ClientId, clientId: party.id as ClientId };
    const subject = consentSubject(of.bank, consentId);
    await this.get(Database).inTransaction(async (tx) => {
      if (!(await envelope.findDataKey(tx, subject))) await envelope.createDataKey(tx, subject);
      const { evidenceId, ...evidence } = await insertAcceptedEvidence(tx, of, at);
      const signed = {
        ...of,
        evidenceId,
        environment: 'sandbox',
        initiationText: initiationText(parseInitiation(payment, '')),
      };
      const kept = { ...evidence, authorisedAt: at };
      await this.get(Authorisations).insertAuthorisation(tx, signed, { personalNumber: anna, signedAt: at }, kept);
    });
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.#world.system.app.get<T>(type, { strict: false });
  }
}

/** Counts the statements of each request, and has further routes. */
function trialModule(counts: RequestCount[], controllers: Type[]): DynamicModule {
  class TrialModule implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      const count = (request: Request, _response: Response, next: NextFunction): void => {
        const one = { statements: 0, path: request.originalUrl };
        counts.push(one);
        countingStatements(one, () => next());
      };
      consumer.apply(count).forRoutes('{*path}');
    }
  }
  return { module: TrialModule, controllers };
}
