import { randomUUID } from 'node:crypto';
import { PARAMTYPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import { CIBA } from '../../src/token/oauth/grant-types.ts';
import { exampleEuroPayment } from '../../src/consent/payment.dto.ts';
import { ApiSchemas, type ApiDescription } from '../support/api/api-schemas.ts';
import { BackchannelClient } from '../support/parties/backchannel-client.ts';
import { BankSteps } from '../support/parties/bank-steps.ts';
import type { RawAnswer } from '../support/parties/exchange.ts';
import { RawClient } from '../support/parties/raw-client.ts';
import { roots, SchemaEdges, type Edge, type EdgeSchema } from '../support/api/schema-edges.ts';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
/** Who sends a form is decided before it is read further; `test/attacker` looks after that. */
const CREDENTIALS = ['client_id', 'client_assertion_type', 'client_assertion'];

let steps: BankSteps;
let api: ApiDescription;
let schemas: ApiSchemas;
let edges: SchemaEdges;
/** Asks for payments without a browser. */
let app: BackchannelClient;
beforeAll(async () => {
  steps = await BankSteps.start();
  const { clock, system } = steps.payer.world;
  const { appTpp } = system.clients;
  app = await BackchannelClient.create(await RawClient.create(appTpp, system.issuer, clock), appTpp);
  api = (await (await fetch(`${steps.payer.world.system.issuer}/docs/openapi.json`)).json()) as ApiDescription;
  schemas = new ApiSchemas(api);
  edges = new SchemaEdges(api.components.schemas as Readonly<Record<string, EdgeSchema>>);
}, 60_000);
afterAll(() => steps.stop());

describe('every body and every query of a route', () => {
  it('has a class that says what it may be, and the pipe checks by', () => {
    const modules = steps.payer.world.system.app.get(ModulesContainer);
    const checked: string[] = [];
    for (const [controller, handler, parameters] of handlers(modules)) {
      const types = (Reflect.getMetadata(PARAMTYPES_METADATA, controller, handler) ?? []) as readonly unknown[];
      for (const [key, { index }] of Object.entries(parameters)) {
        if (!/^(?:3|4):/.test(key)) continue;
        expect([handler, rulesOf(types[index])]).toEqual([handler, expect.any(Number)]);
        expect(rulesOf(types[index])).toBeGreaterThan(0);
        checked.push(handler);
      }
    }
    expect(checked.sort()).toEqual(['approve', 'consume', 'place', 'report', 'return']);
  });
});

describe('a JSON body', () => {
  const consent = (action: string) => `/consents/{id}/${action}`;

  it.each([
    [consent('consume'), 'consume', 100],
    [consent('execution'), 'consume', 25],
    ['/evidence/verify', 'evidence', 100],
  ])('of %s is refused exactly where its schema refuses it', async (path, scope, least) => {
    const { bank } = steps.parties;
    const token = await bank.machineToken(scope);
    const address = path.replace('{id}', randomUUID());
    const headers = { 'sigill-purpose': 'audit' };
    const call = (body: unknown): Promise<RawAnswer> => bank.call(token, 'POST', address, { body, headers });
    const tried = [...roots, ...edgesOfBody(path, JSON_TYPE)];
    expect(
      await differences(tried, ['paths', path, 'post', 'requestBody', 'content', JSON_TYPE, 'schema'], call),
    ).toEqual([]);
    expect(tried.length).toBeGreaterThan(least);
  });

  it('of an app that came back is refused exactly where its schema refuses it', async () => {
    const path = '/backchannel/{id}/return';
    const requested = await app.request(app.appClaims());
    const call = (body: unknown): Promise<RawAnswer> => app.call(requested, 'POST', '/return', { body });
    const tried = [...roots, ...edgesOfBody(path, JSON_TYPE)];
    const place = ['paths', path, 'post', 'requestBody', 'content', JSON_TYPE, 'schema'];
    expect(await differences(tried, place, call)).toEqual([]);
    expect(tried.length).toBeGreaterThan(10);
  });
});

describe('a form', () => {
  it.each([
    ['/par', 'tpp', 50],
    ['/token', 'bank', 15],
    ['/introspect', 'bank', 3],
    ['/revoke', 'bank', 3],
  ] as const)('of %s is refused exactly where its schema refuses it', async (path, name, least) => {
    const tried = edgesOfBody(path, FORM).filter(
      ({ name: edge, value }) => !edge.startsWith('/client_') && isForm(value),
    );
    const place = ['paths', path, 'post', 'requestBody', 'content', FORM, 'schema'];
    expect(await differences(tried, place, (form) => postForm(senderOf(form, name), path, form))).toEqual([]);
    expect(tried.length).toBeGreaterThan(least);
  });

  it('of /par holds a payment, which is refused exactly where its own schema refuses it', async () => {
    const { tpp } = steps.parties;
    const schema = (api.components.schemas as Readonly<Record<string, EdgeSchema>>)['PaymentInitiation'] ?? {};
    const [example] = examplesOf('/par', FORM);
    const fields = example as Readonly<Record<string, string>>;
    const [payment] = JSON.parse(fields['authorization_details'] ?? '') as readonly unknown[];
    const checkedAt = steps.payer.world.clock.now().toISOString();
    const verified = {
      ...exampleEuroPayment,
      creditorNameVerification: { result: 'close-match', matchedName: 'Elbolaget AB', checkedAt },
    };
    // Whose signature an attestation is, no schema can say.
    const tried = [payment, verified]
      .flatMap((right) => edges.of(schema, right))
      .filter(({ name }) => !name.includes('/attestation "a.b.c"'));
    const push = (value: unknown): Promise<RawAnswer> =>
      postForm(tpp, '/par', { ...fields, authorization_details: JSON.stringify([value]) });
    expect(await differences(tried, ['components', 'schemas', 'PaymentInitiation'], push)).toEqual([]);
    expect(tried.length).toBeGreaterThan(100);
  });
});

type Parameters = Readonly<Record<string, { readonly index: number }>>;

function handlers(modules: ModulesContainer): readonly (readonly [object, string, Parameters])[] {
  return [...modules.values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as object;
      return Object.getOwnPropertyNames(prototype).map(
        (name) =>
          [prototype, name, (Reflect.getMetadata(ROUTE_ARGS_METADATA, metatype, name) ?? {}) as Parameters] as const,
      );
    }),
  );
}

/** How many rules class-validator knows of a class. */
function rulesOf(type: unknown): number {
  if (typeof type !== 'function') return 0;
  return getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length;
}

function examplesOf(path: string, type: string): readonly unknown[] {
  const { examples = {} } = api.paths[path]?.['post']?.requestBody?.content[type] ?? {};
  return Object.values(examples).map(({ value }) => value);
}

/** Around each example that the document shows. */
function edgesOfBody(path: string, type: string): readonly Edge[] {
  const schema = (api.paths[path]?.['post']?.requestBody?.content[type]?.schema ?? {}) as EdgeSchema & {
    readonly anyOf?: readonly EdgeSchema[];
  };
  return examplesOf(path, type).flatMap((example) => [
    { name: 'the example', value: example },
    ...(schema.anyOf ?? [schema]).flatMap((one) => edges.of(one, example)),
  ]);
}

/** A form holds texts, and a parameter without a value counts as omitted (RFC 6749 §3.1). */
function isForm(value: unknown): boolean {
  const texts = Object.entries(value as object);
  const signed = 'request' in (value as object);
  return (
    !signed &&
    texts.every(([, text]) => typeof text === 'string' && text !== '') &&
    CREDENTIALS.every((name) => name in (value as object))
  );
}

function postForm(party: RawClient, path: string, form: unknown): Promise<RawAnswer> {
  const fields = Object.entries(form as Readonly<Record<string, string>>).filter(
    ([name]) => !CREDENTIALS.includes(name),
  );
  return party.postAs(path, Object.fromEntries(fields));
}

/** Where schema and service disagree. */
async function differences(
  tried: readonly Edge[],
  place: readonly string[],
  send: (value: unknown) => Promise<RawAnswer>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, value } of tried) {
    const isRight = schemas.faults(value, ...place).length === 0;
    const { status, body } = await send(value);
    expect(status).toBeLessThan(500);
    const isTaken = !isRefused(status, body);
    if (isRight !== isTaken) found.push(`${name}: schema ${isRight}, service ${status} ${JSON.stringify(body)}`);
  }
  return found;
}

/** A bank has no codes to redeem. */
function senderOf(form: unknown, name: 'tpp' | 'bank'): RawClient {
  const { grant_type: grant, authorization_details: details, scope = '' } = form as Readonly<Record<string, string>>;
  if (grant === CIBA) return app.raw;
  if (details === undefined && scope.includes('id.oidc.se')) return steps.parties.loginTpp;
  return steps.parties[grant === 'authorization_code' ? 'tpp' : name];
}

/** What no form can say of itself: whose key the proof is by, how many banks there are, which codes. */
const CIRCUMSTANCES = /^\/(?:dpop_jkt: The DPoP proof has another key|resource: There are several banks)/;

function isRefused(status: number, { error, error_description: description = '' }: Answer): boolean {
  const isUnknownCode = error === 'invalid_grant' && !description.startsWith('/code_verifier');
  return status === 400 && !isUnknownCode && !CIRCUMSTANCES.test(description);
}

interface Answer {
  readonly error?: string;
  readonly error_description?: string;
}
