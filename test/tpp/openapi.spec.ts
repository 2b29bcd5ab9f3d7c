import { Validator } from '@seriousme/openapi-schema-validator';
import {
  ApiSchemas,
  operationsOf,
  type ApiDescription,
  type ApiResponse,
  type Operation,
} from '../support/api-schemas.ts';
import { BankSteps } from '../support/bank-steps.ts';
import { ExampleScene } from '../support/example-scene.ts';
import { lintApi } from '../support/lint-api.ts';
import { RawClient } from '../support/raw-client.ts';
import type { InitiationJson } from '../../sandbox/tpp.ts';

let steps: BankSteps;
let api: ApiDescription;
let schemas: ApiSchemas;
let parties: Readonly<Record<string, RawClient>>;
beforeAll(async () => {
  steps = await BankSteps.start();
  const { system, clock } = steps.payer.world;
  api = (await (await fetch(`${system.issuer}/docs/openapi.json`)).json()) as ApiDescription;
  schemas = new ApiSchemas(api);
  const signingTpp = await RawClient.create(system.clients.signingTpp, system.issuer, clock);
  parties = { ...steps.parties, tppWithToken: steps.parties.tpp, signingTpp };
}, 60_000);
afterAll(() => steps.stop());

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

  it('would be noticed if it were wrong', async () => {
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
      spoilt((copy) => delete copy.paths['/par'].post['x-example-calls']),
      spoilt((copy) => delete copy.paths['/par'].post.summary),
      spoilt((copy) => delete copy.paths['/par'].post.responses[400]),
      spoilt((copy) => delete copy.paths['/consents/{id}'].get.responses[404]),
      spoilt((copy) => (copy.paths['/par'].post.operationId = 'TokenController_issue')),
      spoilt((copy) => delete copy.components.schemas.PushedRequest),
      spoilt((copy) => delete copy.components.schemas.PushedRequest.additionalProperties),
      spoilt((copy) => (copy.components.schemas.Spare = { type: 'string' })),
      spoilt((copy) => delete copy['x-placeholders'].code),
    ].map((one) => lintApi(one).length);
    expect(faults.every((count) => count > 0)).toBe(true);
  });

  it('holds no example of a value that its own schema refuses', () => {
    const faults = Object.entries(api.components.schemas).flatMap(([name, { examples = [] }]) =>
      examples.flatMap((example) =>
        schemas.faults(example, 'components', 'schemas', name).map((fault) => `${name}: ${fault}`),
      ),
    );
    expect(faults).toEqual([]);
  });
});

describe('the examples of the API', () => {
  it('are answered as the description says, each of them, to the last member', async () => {
    let scene = newScene();
    const faults: string[] = [];
    let executed = 0;
    for (const [path, method, operation] of operationsOf(api)) {
      for (const [example, call] of Object.entries(operation['x-example-calls'] ?? {})) {
        const execution = new Execution(path, method, operation, example);
        faults.push(...(await execution.faults(scene)));
        executed += 1;
        // What changed something may have changed what the next one needs.
        if (method !== 'get' && call.status < 300) scene = newScene();
      }
    }
    expect(faults).toEqual([]);
    expect(executed).toBeGreaterThan(50);
  }, 300_000);

  function newScene(): ExampleScene {
    const { examples } = api.paths['/par']?.['post']?.requestBody?.content['application/x-www-form-urlencoded'] ?? {};
    const form = examples?.['pushed']?.value as { readonly authorization_details: string };
    const [payment] = JSON.parse(form.authorization_details) as readonly InitiationJson[];
    if (!payment) throw new Error('the first example of a push pays nothing');
    return new ExampleScene(steps, payment);
  }
});

/** One example, sent as it stands but for what its placeholders stand for. */
class Execution {
  readonly #name: string;

  constructor(
    readonly path: string,
    readonly method: string,
    readonly operation: Operation,
    readonly example: string,
  ) {
    this.#name = `${method} ${path} "${example}"`;
  }

  async faults(scene: ExampleScene): Promise<readonly string[]> {
    const call = this.operation['x-example-calls']?.[this.example];
    if (!call) return [`${this.#name} is not there`];
    const response = await this.#send(scene, call.by, call.accept);
    const text = await response.text();
    const answer = this.operation.responses[String(response.status)];
    if (response.status !== call.status || !answer) return [`${this.#name} answers ${response.status}: ${text}`];
    const wrong = [
      ...this.#sent(call.status),
      ...this.#headers(answer, response),
      ...this.#body(answer, response, text),
    ];
    if (call.accept !== undefined && mediaType(response) !== call.accept) wrong.push('answers in another form');
    return wrong.map((fault) => `${this.#name} ${fault}`);
  }

  /** What is asked for rightly has the form that the schema asks for. */
  #sent(status: number): readonly string[] {
    return Object.entries(this.operation.requestBody?.content ?? {}).flatMap(([type, { examples = {} }]) => {
      const value = examples[this.example]?.value;
      if (value === undefined || status >= 400) return [];
      const text = JSON.stringify(value)
        .replaceAll('{{access_token_sha256}}', 'A'.repeat(43))
        .replaceAll('{{personal_number}}', '191212121212');
      const filled = JSON.parse(text) as unknown;
      const place = ['paths', this.path, this.method, 'requestBody', 'content', type, 'schema'];
      return schemas.faults(filled, ...place).map((fault) => `is sent wrong: ${fault}`);
    });
  }

  #headers(answer: ApiResponse, response: Response): string[] {
    const missing = Object.keys(answer.headers ?? {}).filter((name) => !response.headers.has(name));
    return missing.map((name) => `lacks the header ${name}`);
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

  async #send(scene: ExampleScene, by: string, accept: string | undefined): Promise<Response> {
    const party = parties[by] ?? steps.parties.tpp;
    const accessToken = this.operation.security && by !== 'anybody' ? await this.#token(scene, by, party) : undefined;
    const path = await this.#fill(
      scene,
      party,
      this.path.replaceAll(/\{(\w+)\}/g, (_, name) => this.#value('path', String(name))),
    );
    const resolve = (text: string): Promise<string | Uint8Array> =>
      this.#resolve(scene, party, path, accessToken, text);
    const query = new URLSearchParams();
    const headers = new Headers(accept === undefined ? {} : { accept });
    const cookies: string[] = [];
    for (const { name, in: place, examples } of this.operation.parameters) {
      const example = examples[this.example]?.value;
      if (example === undefined || place === 'path') continue;
      const value = String(await resolve(example));
      if (place === 'query') query.set(name, value);
      else if (place === 'header') headers.set(name, value);
      else cookies.push(`${name}=${value}`);
    }
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
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
    for (const [type, { examples = {} }] of Object.entries(this.operation.requestBody?.content ?? {})) {
      const value = examples[this.example]?.value;
      if (value === undefined) continue;
      headers.set('content-type', type);
      if (typeof value === 'string') return (await resolve(value)) as Uint8Array<ArrayBuffer>;
      const filled = await fillAll(value, resolve);
      return type === 'application/json'
        ? JSON.stringify(filled)
        : new URLSearchParams(filled as Record<string, string>);
    }
    return undefined;
  }

  #value(place: string, name: string): string {
    const parameter = this.operation.parameters.find((one) => one.in === place && one.name === name);
    return parameter?.examples[this.example]?.value ?? '';
  }

  async #token(scene: ExampleScene, by: string, party: RawClient): Promise<string> {
    if (by === 'tppWithToken') return scene.accessToken();
    const { body } = await party.postAs('/token', { grant_type: 'client_credentials' });
    return String(body['access_token']);
  }

  async #fill(scene: ExampleScene, party: RawClient, text: string): Promise<string> {
    const [before = '', name, after = ''] = text.split(/\{\{(\w+)\}\}/);
    if (name === undefined) return text;
    const request = { party, method: this.method.toUpperCase(), path: this.path, accessToken: undefined };
    return `${before}${String(await scene.resolve(name, request))}${after}`;
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
