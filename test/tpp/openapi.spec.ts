import { Validator } from '@seriousme/openapi-schema-validator';
import {
  ApiSchemas,
  operationsOf,
  takesTokens,
  type ApiDescription,
  type ApiResponse,
  type Operation,
} from '../support/api/api-schemas.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { examplePayment } from '../../src/consent/payment.dto.ts';
import type { Call } from '../support/api/api-call.ts';
import { apiCalls } from '../support/api/api-calls.ts';
import { BankSteps } from '../support/parties/bank-steps.ts';
import { ExampleScene } from '../support/api/example-scene.ts';
import { lintApi } from '../support/api/lint-api.ts';
import { PretendProvider } from '../support/approvals/pretend-provider.ts';
import { RawClient } from '../support/parties/raw-client.ts';

let steps: BankSteps;
let provider: PretendProvider;
let api: ApiDescription;
let schemas: ApiSchemas;
let parties: Readonly<Record<string, RawClient>>;
beforeAll(async () => {
  provider = await PretendProvider.start(systemClock, '/exempelbanken');
  steps = await BankSteps.start({ identityOrigin: provider.origin });
  const { system, clock } = steps.payer.world;
  api = (await (await fetch(`${system.issuer}/docs/openapi.json`)).json()) as ApiDescription;
  schemas = new ApiSchemas(api);
  const signingTpp = await RawClient.create(system.clients.signingTpp, system.issuer, clock);
  const appTpp = await RawClient.create(system.clients.appTpp, system.issuer, clock);
  parties = { ...steps.parties, tppWithToken: steps.parties.tpp, rpWithToken: steps.parties.rp, signingTpp, appTpp };
}, 60_000);
afterAll(async () => {
  await steps.stop();
  await provider.stop();
});

async function validity(description: object): Promise<readonly unknown[]> {
  const { valid, errors } = await new Validator().validate(structuredClone(description) as Record<string, unknown>);
  return valid ? [] : [errors];
}

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await validity(api)).toEqual([]);
    expect(api).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
  });

  it('is complete: every operation has schemas, refusals and examples, and no object stands open', () => {
    expect(lintApi(api)).toEqual([]);
    expect(operationsOf(api).length).toBeGreaterThan(20);
  });

  it('does not pass these checks with a part left out, doubled or wrong', async () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is spoilt has no type any more
    const spoilt = (change: (copy: any) => void): ApiDescription => {
      const copy = structuredClone(api);
      change(copy);
      return copy;
    };
    const invalid = [
      spoilt((copy) => delete copy.paths['/par'].post.responses[201].description),
      spoilt((copy) => delete copy.info.title),
      spoilt((copy) => (copy.paths['/par'].post.parameters[0].in = 'body')),
    ];
    for (const one of invalid) expect(await validity(one)).not.toEqual([]);
    const faults = [
      spoilt((copy) => void (copy.paths['/par/more'] = copy.paths['/par'])),
      spoilt((copy) => delete copy.paths['/par'].post.summary),
      spoilt((copy) => delete copy.paths['/par'].post['x-codeSamples']),
      spoilt((copy) => delete copy.paths['/par'].post.parameters[0].examples),
      spoilt((copy) => delete copy.tags[0].description),
      spoilt((copy) => void ([copy.tags[0], copy.tags[1]] = [copy.tags[1], copy.tags[0]])),
      spoilt((copy) => delete copy.paths['/par'].post.responses[400]),
      spoilt((copy) => delete copy.paths['/consents/{id}'].get.responses[403]),
      spoilt((copy) => (copy.paths['/par'].post.operationId = 'issueToken')),
      spoilt((copy) => delete copy.components.schemas.PushedRequest),
      spoilt((copy) => delete copy.components.schemas.PushedRequest.additionalProperties),
      spoilt((copy) => (copy.components.schemas.Spare = { type: 'string' })),
    ].map((one) => lintApi(one).length);
    expect(faults.every((count) => count > 0)).toBe(true);
  });

  it('shows an example of each request and each answer, and all are right', () => {
    const places = operationsOf(api).flatMap(([path, method, { requestBody, responses }]) => [
      ...placesOf(['paths', path, method, 'requestBody'], requestBody?.content),
      ...Object.entries(responses).flatMap(([status, { content }]) =>
        placesOf(['paths', path, method, 'responses', status], content),
      ),
    ]);
    const faults = places.flatMap(([place, examples]) => {
      const named = Object.entries(examples ?? {});
      if (named.length === 0) return [`${place.join(' ')} has no example`];
      return named.flatMap(([name, { value }]) =>
        schemas.faults(value, ...place, 'schema').map((fault) => `${place.join(' ')} ${name}: ${fault}`),
      );
    });
    expect(faults).toEqual([]);
    expect(places.length).toBeGreaterThan(150);
  });
});

type Examples = Readonly<Record<string, { readonly value: unknown }>>;

/** Where the media types of a body stand in the document, with their examples. */
function placesOf(
  place: readonly string[],
  content: Readonly<Record<string, { readonly examples?: Examples }>> = {},
): readonly (readonly [place: readonly string[], examples: Examples | undefined])[] {
  return Object.entries(content).map(([type, { examples }]) => [[...place, 'content', type], examples]);
}

describe('requests to the API', () => {
  it('are answered as the description says, each of them, to the last member', async () => {
    let scene = new ExampleScene(steps, examplePayment, provider);
    const faults: string[] = [];
    let executed = 0;
    for (const [path, method, operation] of operationsOf(api)) {
      for (const [name, call] of Object.entries(apiCalls[`${method} ${path}`] ?? {})) {
        faults.push(...(await new Execution(path, method, operation, name, call).faults(scene)));
        executed += 1;
        // What changed something may have changed what the next one needs.
        if (method !== 'get' && call.status < 300) scene = new ExampleScene(steps, examplePayment, provider);
      }
    }
    expect(faults).toEqual([]);
    expect(executed).toBeGreaterThan(50);
  }, 300_000);
});

/** One request, sent as it stands but for what its placeholders stand for. */
class Execution {
  readonly #name: string;

  constructor(
    readonly path: string,
    readonly method: string,
    readonly operation: Operation,
    name: string,
    readonly call: Call,
  ) {
    this.#name = `${method} ${path} "${name}"`;
  }

  async faults(scene: ExampleScene): Promise<readonly string[]> {
    const { status, accept } = this.call;
    const response = await this.#send(scene);
    const text = await response.text();
    const answer = this.operation.responses[String(response.status)];
    if (response.status !== status || !answer) return [`${this.#name} answers ${response.status}: ${text}`];
    const wrong = [...this.#sent(), ...this.#headers(answer, response), ...this.#body(answer, response, text)];
    if (accept !== undefined && mediaType(response) !== accept) wrong.push('answers in another form');
    return wrong.map((fault) => `${this.#name} ${fault}`);
  }

  /** What is asked for rightly has the form that the schema asks for, and is described. */
  #sent(): readonly string[] {
    const { body, status } = this.call;
    const schemes = (this.operation.security ?? []).flatMap((requirement) => Object.keys(requirement));
    const credentials = schemes.flatMap((name) => api.components.securitySchemes[name] ?? []);
    const described = [...this.operation.parameters, ...credentials].map((one) => `${one.in} ${one.name}`);
    const undescribed = this.#parameters().filter(([place, name]) => !described.includes(`${place} ${name}`));
    const wrong = undescribed.map(([place, name]) => `sends the ${place} ${name}, which is not described`);
    if (body === undefined || status >= 400) return wrong;
    const text = JSON.stringify(body)
      .replaceAll('{{access_token_sha256}}', 'A'.repeat(43))
      .replaceAll('{{approval_id_token}}', 'a.b.c')
      .replaceAll('{{app_nonce}}', 'A'.repeat(43))
      .replaceAll('{{personal_number}}', '191212121212');
    const place = ['paths', this.path, this.method, 'requestBody', 'content', this.#type(), 'schema'];
    const faults = schemas.faults(JSON.parse(text), ...place);
    return [...wrong, ...faults.map((fault) => `is sent wrong: ${fault}`)];
  }

  #parameters(): readonly (readonly [place: string, name: string, value: string])[] {
    const { path, query, headers, cookies } = this.call;
    return Object.entries({ path, query, header: headers, cookie: cookies }).flatMap(([place, values = {}]) =>
      Object.entries(values).map(([name, value]) => [place, name, value] as const),
    );
  }

  #type(): string {
    return this.call.type ?? Object.keys(this.operation.requestBody?.content ?? {})[0] ?? '';
  }

  #headers(answer: ApiResponse, response: Response): string[] {
    const always = Object.entries(answer.headers ?? {}).filter(([, { required = true }]) => required);
    const missing = always.filter(([name]) => !response.headers.has(name));
    return missing.map(([name]) => `lacks the header ${name}`);
  }

  #body(answer: ApiResponse, response: Response, text: string): readonly string[] {
    const type = mediaType(response);
    if (!answer.content) return text === '' || response.status === 303 ? [] : ['has a body'];
    if (!answer.content[type]) return [`is of type ${type}`];
    const value: unknown = /json$/.test(type) ? JSON.parse(text) : text;
    return schemas.faults(
      value,
      'paths',
      this.path,
      this.method,
      'responses',
      String(response.status),
      'content',
      type,
      'schema',
    );
  }

  async #send(scene: ExampleScene): Promise<Response> {
    const { by, accept } = this.call;
    const party = parties[by] ?? steps.parties.tpp;
    const accessToken =
      takesTokens(this.operation) && by !== 'anybody' ? await this.#token(scene, by, party) : undefined;
    const path = await this.#fill(
      scene,
      party,
      this.path.replaceAll(/\{(\w+)\}/g, (_, name) => this.call.path?.[String(name)] ?? ''),
    );
    const resolve = (text: string): Promise<string | Uint8Array> =>
      this.#resolve(scene, party, path, accessToken, text);
    const query = new URLSearchParams();
    const headers = new Headers(accept === undefined ? {} : { accept });
    for (const [place, name, example] of this.#parameters()) {
      if (place === 'path') continue;
      const value = String(await resolve(example));
      if (place === 'query') query.set(name, value);
      else if (place === 'header') headers.set(name, value);
      else headers.append('cookie', `${name}=${value}`);
    }
    if (accessToken !== undefined) headers.set('authorization', `DPoP ${accessToken}`);
    const body = await this.#bodyOf(headers, resolve);
    const url = new URL(path, steps.parties.tpp.issuer);
    url.search = query.toString();
    return fetch(url, { method: this.method.toUpperCase(), headers, redirect: 'manual', ...(body ? { body } : {}) });
  }

  async #bodyOf(
    headers: Headers,
    resolve: (text: string) => Promise<string | Uint8Array>,
  ): Promise<string | URLSearchParams | Uint8Array<ArrayBuffer> | undefined> {
    const { body } = this.call;
    if (body === undefined) return undefined;
    headers.set('content-type', this.#type());
    if (typeof body === 'string') return (await resolve(body)) as Uint8Array<ArrayBuffer>;
    const filled = await fillAll(body, resolve);
    return this.#type() === 'application/json'
      ? JSON.stringify(filled)
      : new URLSearchParams(filled as Record<string, string>);
  }

  async #token(scene: ExampleScene, by: string, party: RawClient): Promise<string> {
    if (by === 'tppWithToken') return scene.accessToken();
    if (by === 'rpWithToken') return scene.loginToken();
    const { body } = await party.postAs('/token', { grant_type: 'client_credentials' });
    return String(body['access_token']);
  }

  async #fill(scene: ExampleScene, party: RawClient, text: string): Promise<string> {
    const request = { party, method: this.method.toUpperCase(), path: this.path, accessToken: undefined };
    let filled = text;
    for (const [placeholder, name = ''] of text.matchAll(/\{\{(\w+)\}\}/g))
      filled = filled.replace(placeholder, String(await scene.resolve(name, request)));
    return filled;
  }

  async #resolve(
    scene: ExampleScene,
    party: RawClient,
    path: string,
    accessToken: string | undefined,
    text: string,
  ): Promise<string | Uint8Array> {
    const name = /^\{\{(\w+)\}\}$/.exec(text)?.[1];
    if (name === undefined) return text;
    return scene.resolve(name, { party, method: this.method.toUpperCase(), path, accessToken });
  }
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
}

async function fillAll(value: unknown, resolve: (text: string) => Promise<string | Uint8Array>): Promise<unknown> {
  if (typeof value === 'string') return resolve(value);
  if (typeof value !== 'object' || value === null) return value;
  const filled: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) filled[name] = await fillAll(member, resolve);
  return filled;
}
