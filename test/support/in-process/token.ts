import { createHash, generateKeyPairSync } from 'node:crypto';
import { Module, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { NextFunction, Request, Response } from 'express';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import { freePort } from '../../../sandbox/free-port.ts';
import { AuditModule } from '../../../src/audit/audit.module.ts';
import type { AppConfig } from '../../../src/config/config.ts';
import { FoundAltered } from '../../../src/consent/altered/found-altered.ts';
import { Authorisations } from '../../../src/consent/authorisations.ts';
import { newBrowserCookie, setBrowserCookie } from '../../../src/consent/browser-cookie.ts';
import { ConsentModule } from '../../../src/consent/consent.module.ts';
import { Consents } from '../../../src/consent/consents.ts';
import { MassExpiry } from '../../../src/consent/mass-expiry.ts';
import { Expiry } from '../../../src/consent/expiry/expiry.ts';
import type { ClientId, ConsentId } from '../../../src/kernel/ids.ts';
import type { PersonalNumber } from '../../../src/kernel/personal-number.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { initiationText, parseInitiation } from '../../../src/payment/initiation.ts';
import { Database } from '../../../src/database/database.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { FoundationModule } from '../../../src/foundation.module.ts';
import { edgeErrors } from '../../../src/http/edge-errors.ts';
import { countingStatements, type StatementCount } from '../../../src/operations/statement-count.ts';
import { TokenModule } from '../../../src/token/token.module.ts';
import { ClientAuthModule } from '../../../src/client-auth/client-auth.module.ts';
import { createKeyRing, createTestDatabase, type TestDatabase } from '../database.ts';
import { MovableClock } from '../movable-clock.ts';
import { newVerifier, RawClient, type Fields, type Line, type RawAnswer } from '../raw-client.ts';
import type { RawParties } from '../raw-parties.ts';
import { insertAcceptedEvidence } from './accepted-evidence.ts';

export const issuer = 'https://sigill.example';
export const anna = '199001012385' as PersonalNumber;
export const callback = 'https://butik.example/tillbaka?order=7';

const RESOURCE = 'https://api.bank.example/payments';

export const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Elbolaget AB',
  creditorAccount: { bankgiro: '5050-1055' },
};

/** Only what the token module needs of the consent module: no BankID, no settler. */
@Module({
  imports: [AuditModule],
  providers: [Authorisations, Consents, Expiry, FoundAltered, MassExpiry],
  exports: [Authorisations, Consents, MassExpiry],
})
class ConsentsOnly {}

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

/** The authorization server on real Postgres and real HTTP; what a payer's signature leaves is put into the tables by hand. */
export class TokenHarness {
  /** What each request sent to the database, in order. */
  readonly counts: (StatementCount & { readonly path: string })[] = [];

  private constructor(
    readonly clock: MovableClock,
    readonly db: TestDatabase,
    readonly parties: RawParties,
  ) {}

  #app: NestExpressApplication | undefined;

  static async start(controllers: Type[] = []): Promise<TokenHarness> {
    const clock = new MovableClock();
    const port = await freePort();
    const line: Line = { origin: `http://127.0.0.1:${port}`, fetch };
    const connect = (client: SandboxClient): Promise<RawClient> => RawClient.create(client, issuer, clock, line);
    const clients = newClients();
    const harness = new TokenHarness(clock, await createTestDatabase(), {
      tpp: await connect(clients.tpp),
      otherTpp: await connect(clients.otherTpp),
      bank: await connect(clients.bank),
      otherBank: await connect(clients.otherBank),
      auditor: await connect(clients.auditor),
    });
    await harness.#listen(port, configOf(clients), controllers);
    return harness;
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    await this.db.close();
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
      resource: RESOURCE,
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
    return { ...pushed, interactionId: String(row?.['interaction_id']), cookie: setBrowserCookie(issuer, cookie) };
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
    const subject = consentSubject('bank', consentId);
    const of = { consentId, bank: 'bank' as ClientId, clientId: party.id as ClientId };
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

  async #listen(port: number, config: AppConfig, controllers: Type[]): Promise<void> {
    const module = await Test.createTestingModule({
      imports: [
        FoundationModule.forRoot({ config, clock: this.clock, source: this.db.source }),
        AuditModule,
        ClientAuthModule,
        TokenModule,
      ],
      controllers,
      providers: edgeErrors,
    })
      .overrideModule(ConsentModule)
      .useModule(ConsentsOnly)
      .compile();
    const app = module.createNestApplication<NestExpressApplication>({
      bodyParser: false,
      logger: false,
    });
    app.use((request: Request, _response: Response, next: NextFunction) => {
      const count = { statements: 0, path: request.path };
      this.counts.push(count);
      countingStatements(count, () => next());
    });
    this.#app = await app.init();
    await app.listen(port, '127.0.0.1');
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    if (!this.#app) throw new Error('not started');
    return this.#app.get<T>(type);
  }
}

type Clients = Readonly<Record<keyof RawParties, SandboxClient>>;

function newClients(): Clients {
  const create = (id: string): SandboxClient => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { id, privateJwk: { ...privateKey.export({ format: 'jwk' }), kid: `${id}-1` } };
  };
  return {
    tpp: create('shop'),
    otherTpp: create('other-shop'),
    bank: create('bank'),
    otherBank: create('other-bank'),
    auditor: create('auditor'),
  };
}

function configOf({ tpp, otherTpp, bank, otherBank, auditor }: Clients): AppConfig {
  const client = ({ id, privateJwk: { d: _d, ...publicJwk } }: SandboxClient, rest: object): object => ({
    id,
    name: `Företaget ${id}`,
    jwks: { keys: [publicJwk] },
    authorisationNumber: 'PSDSE-FINA-00001',
    ...rest,
  });
  const ofTpp = { role: 'tpp', redirectUris: [callback] };
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return {
    environment: 'sandbox',
    issuer,
    workers: false,
    evidenceKeys: createKeyRing(),
    lookupKeys: createKeyRing(),
    subjectKeys: createKeyRing(),
    signingKeys: [{ kid: 't1', purpose: 'tokens', alg: 'ES256', privateJwk: new Secret(signing) }],
    clients: [
      client(tpp, ofTpp),
      client(otherTpp, { ...ofTpp, dpopRequired: true }),
      client(bank, { role: 'bank', resource: RESOURCE }),
      client(otherBank, { role: 'bank', resource: 'https://api.other-bank.example/payments' }),
      client(auditor, { role: 'auditor', bank: 'bank' }),
    ],
  } as unknown as AppConfig;
}
