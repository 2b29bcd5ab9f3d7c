import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Module, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { NextFunction, Request, Response } from 'express';
import supertest from 'supertest';
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
import { PlatformModule } from '../../../src/foundation.module.ts';
import { edgeErrors } from '../../../src/http/edge-errors.ts';
import { countingStatements, type StatementCount } from '../../../src/operations/statement-count.ts';
import { TokenModule } from '../../../src/token/token.module.ts';
import { ClientAuthModule } from '../../../src/client-auth/client-auth.module.ts';
import { createKeyRing, createTestDatabase, type TestDatabase } from '../database.ts';
import { MovableClock } from '../movable-clock.ts';
import { insertAcceptedEvidence } from './accepted-evidence.ts';
import { issuer, Party } from './party.ts';

export const anna = '199001012385' as PersonalNumber;
export const callback = 'https://butik.example/tillbaka?order=7';

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

export type Fields = Readonly<Record<string, string | undefined>>;

export interface Pushed {
  readonly requestUri: string;
  readonly consentId: ConsentId;
  readonly verifier: string;
  readonly party: Party;
}

export interface Signed extends Pushed {
  readonly interactionId: string;
  readonly cookie: string;
}

/** The authorization server on real Postgres and real HTTP; what a payer's signature leaves is put into the tables by hand. */
export class TokenHarness {
  readonly clock = new MovableClock();
  /** What each request sent to the database, in order. */
  readonly counts: (StatementCount & { readonly path: string })[] = [];

  private constructor(
    readonly db: TestDatabase,
    readonly parties: Readonly<Record<'shop' | 'otherShop' | 'bank' | 'otherBank' | 'auditor', Party>>,
  ) {}

  #app: NestExpressApplication | undefined;

  static async start(controllers: Type[] = []): Promise<TokenHarness> {
    const clock = new MovableClock();
    const create = (id: string): Promise<Party> => Party.create(id, clock);
    const harness = new TokenHarness(await createTestDatabase(), {
      shop: await create('shop'),
      otherShop: await create('other-shop'),
      bank: await create('bank'),
      otherBank: await create('other-bank'),
      auditor: await create('auditor'),
    });
    Object.assign(harness, { clock });
    await harness.#listen(controllers);
    return harness;
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    await this.db.close();
  }

  get http(): ReturnType<typeof supertest> {
    return supertest(this.#server());
  }

  async post(path: string, fields: Fields, headers: Record<string, string> = {}): Promise<supertest.Response> {
    return this.http.post(path).set(headers).type('form').send(encode(fields));
  }

  /** A push that is right, but for `changes`; a field given as undefined is left out. */
  async push(changes: Fields = {}, party = this.parties.shop): Promise<supertest.Response> {
    return this.post('/par', { ...(await this.pushFields(party)), ...changes });
  }

  async pushFields(party = this.parties.shop, verifier = newVerifier()): Promise<Record<string, string>> {
    return {
      ...(await party.credentials()),
      response_type: 'code',
      redirect_uri: callback,
      state: 'st&te',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      resource: 'https://api.bank.example/payments',
      authorization_details: JSON.stringify([payment]),
    };
  }

  async pushed(changes: Fields = {}, party = this.parties.shop): Promise<Pushed> {
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

  async goBack({ interactionId, cookie }: Pick<Signed, 'interactionId' | 'cookie'>): Promise<supertest.Response> {
    return this.http.get(`/authorize/${interactionId}/return`).set('Cookie', cookie.split(';')[0] ?? '');
  }

  async code(signed: Signed): Promise<string> {
    const { headers } = await this.goBack(signed);
    return new URL(headers['location'] ?? '').searchParams.get('code') ?? '';
  }

  async redeem(signed: Signed, code: string, changes: Fields = {}, party = signed.party): Promise<supertest.Response> {
    const fields = {
      ...(await party.credentials()),
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: signed.verifier,
    };
    return this.post('/token', { ...fields, ...changes }, { DPoP: await party.proof('POST', '/token') });
  }

  /** A consent from push to token. */
  async token(): Promise<Signed & { readonly accessToken: string }> {
    const signed = await this.signed();
    const { body } = await this.redeem(signed, await this.code(signed));
    return { ...signed, accessToken: (body as { access_token: string }).access_token };
  }

  async machineToken(party: Party, scope?: string): Promise<supertest.Response> {
    const fields = { ...(await party.credentials()), grant_type: 'client_credentials', scope };
    return this.post('/token', fields, { DPoP: await party.proof('POST', '/token') });
  }

  async introspect(token: string, party = this.parties.bank): Promise<supertest.Response> {
    return this.post('/introspect', { ...(await party.credentials()), token });
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

  async #listen(controllers: Type[]): Promise<void> {
    const config = this.#config();
    const module = await Test.createTestingModule({
      imports: [
        PlatformModule.forRoot({ config, clock: this.clock, source: this.db.source }),
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
    await app.listen(0, '127.0.0.1');
  }

  #config(): AppConfig {
    const client = ({ id, publicJwk }: Party, rest: object): object => ({
      id,
      name: `Företaget ${id}`,
      jwks: { keys: [publicJwk] },
      authorisationNumber: 'PSDSE-FINA-00001',
      ...rest,
    });
    const { shop, otherShop, bank, otherBank, auditor } = this.parties;
    const tpp = { role: 'tpp', redirectUris: [callback] };
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
        client(shop, tpp),
        client(otherShop, { ...tpp, dpopRequired: true }),
        client(bank, { role: 'bank', resource: 'https://api.bank.example/payments' }),
        client(otherBank, { role: 'bank', resource: 'https://api.other-bank.example/payments' }),
        client(auditor, { role: 'auditor', bank: 'bank' }),
      ],
    } as unknown as AppConfig;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    if (!this.#app) throw new Error('not started');
    return this.#app.get<T>(type);
  }

  #server(): Parameters<typeof supertest>[0] {
    if (!this.#app) throw new Error('not started');
    return this.#app.getHttpServer();
  }
}

export function newVerifier(): string {
  return randomBytes(32).toString('base64url');
}

function encode(fields: Fields): string {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
