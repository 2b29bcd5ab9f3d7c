import { randomBytes, randomUUID } from 'node:crypto';
import { ModulesContainer } from '@nestjs/core';
import { ROUTE_DECLARATION } from '../../src/http/route-declaration.ts';
import { BankSteps, type Entitled } from '../support/parties/bank-steps.ts';
import {
  callers,
  expectations,
  expectedOf,
  type CallerKind,
  type RouteExpectation,
} from '../support/api/access-expectations.ts';
import { publishLogs, type PublishedLogs } from '../support/ledger/published-logs.ts';
import type { RawAnswer } from '../support/parties/exchange.ts';
import { insertLoginToken } from '../support/token/login-token.ts';
import { returnOf, signInKnownBrowser, visit, type KnownBrowser } from '../support/browser/known-browser.ts';
import type { RawClient } from '../support/parties/raw-client.ts';
import { anna } from '../support/system/system.ts';

let steps: BankSteps;
/** Consumed and reported: what is asked for. */
let spent: Entitled & KnownBrowser & { readonly evidenceId: string };
/** Authorised, its token alive. */
let live: Entitled;
/** Of the bank of both. */
let logs: PublishedLogs;
const tokens = new Map<string, string>();

beforeAll(async () => {
  steps = await BankSteps.start();
  live = await steps.entitled();
  spent = await spend();
  logs = await publishLogs(steps.payer.world, steps.parties.bank.id);
  for (const [name, party] of Object.entries(steps.parties)) {
    tokens.set(name, String((await party.postAs('/token', { grant_type: 'client_credentials' })).body['access_token']));
  }
}, 60_000);
afterAll(() => steps.stop());

/** A consent to its end, in a browser whose cookie the test may see. */
async function spend(): Promise<typeof spent> {
  const { tpp } = steps.parties;
  const pushed = await tpp.push();
  const known = await signInKnownBrowser(steps.payer, pushed);
  const token = await tpp.redeem(await returnOf(tpp.issuer, known), pushed);
  const entitled = { consentId: pushed.consentId, token };
  await steps.consume(entitled, steps.consumption(entitled, 'matrix'));
  await steps.report(entitled, { execution: 'executed' });
  const list = await steps.read(`/consents/${pushed.consentId}/evidence`, 'audit');
  const [first] = list.body['evidence'] as readonly { readonly evidenceId: string }[];
  return { ...entitled, ...known, evidenceId: first?.evidenceId ?? '' };
}

const knock = (method: string, path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  visit(steps.parties.tpp.issuer, method, path, headers);

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** Every route that the running application answers, asked of the router itself. */
function routes(): readonly string[] {
  const express = steps.payer.world.system.app.getHttpAdapter().getInstance() as unknown as {
    readonly router: { readonly stack: readonly Layer[] };
  };
  return express.router.stack.flatMap(({ route }) => {
    const methods = Object.keys(route?.methods ?? {});
    // Middleware for every path.
    if (!route) return [];
    return methods.map((method) => `${method.toUpperCase()} ${route.path}`);
  });
}

function split(route: string): readonly [string, string] {
  const [method = '', pattern = ''] = route.split(' ');
  const id = pattern.startsWith('/evidence') ? spent.evidenceId : spent.consentId;
  const path = pattern
    .replace(':interaction', spent.interaction)
    .replace(':id', id)
    .replace(':code', 'consent.not-found')
    .replace(':file', 'none.css')
    .replace(':logId', logs.logId)
    .replace(':level/*tile', pattern.includes('/audit/') ? logs.auditTile : logs.tile);
  return [method, path];
}

const ofKind = <K extends RouteExpectation['kind']>(kind: K): [string, Extract<RouteExpectation, { kind: K }>][] =>
  Object.entries(expectations).filter(
    (row): row is [string, Extract<RouteExpectation, { kind: K }>] => row[1].kind === kind,
  );

/** The body that is right for the consent asked for. */
function bodyOf(method: string, path: string): object | undefined {
  if (method === 'POST' && path.endsWith('/approval')) return { idToken: 'a.b.c' };
  if (path.endsWith('/consume')) return steps.consumption(spent, 'matrix');
  if (path.endsWith('/return')) return { nonce: 'A'.repeat(43) };
  if (path.endsWith('/execution')) return { execution: 'executed' };
  return undefined;
}

async function call(caller: CallerKind, method: string, path: string): Promise<RawAnswer> {
  const { bank, tpp, otherBank } = steps.parties;
  const body = bodyOf(method, path);
  const purpose = { 'sigill-purpose': 'audit' };
  const as = (party: RawClient, token: string): Promise<RawAnswer> =>
    party.call(token, method, path, { ...(body ? { body } : {}), headers: purpose });
  const bare = (headers: Record<string, string>): Promise<RawAnswer> => {
    const sent = { ...purpose, ...headers, ...(body ? { 'content-type': 'application/json' } : {}) };
    return bank.send(method, path, { ...(body ? { body: JSON.stringify(body) } : {}), headers: sent });
  };
  const own = tokens.get('bank') ?? '';
  switch (caller) {
    case 'none':
      return bare({});
    case 'bearer':
      return bare({ authorization: `Bearer ${own}` });
    case 'unproven':
      return bare({ authorization: `DPoP ${own}` });
    case 'stolen':
      return as(otherBank, own);
    case 'narrow':
      return as(bank, await bank.machineToken(/evidence|ledger|exports/.test(path) ? 'consume' : 'evidence'));
    case 'consentToken':
      return as(tpp, spent.token);
    case 'foreignConsentToken':
      return as(tpp, live.token);
    case 'loginToken':
      return as(tpp, await insertLoginToken(steps.payer.world, tpp));
    default:
      return as(steps.parties[caller], tokens.get(caller) ?? '');
  }
}

describe('the matrix', () => {
  it('has a row for every route of the application, and no row without a route', () => {
    expect([...routes()].sort()).toEqual(Object.keys(expectations).sort());
  });

  it('is not the only lock: every handler declares its access, without which the guard refuses every caller', () => {
    const modules = steps.payer.world.system.app.get(ModulesContainer);
    const undeclared: string[] = [];
    for (const { controllers } of modules.values()) {
      for (const { metatype } of controllers.values()) {
        if (typeof metatype !== 'function') continue;
        const { prototype } = metatype as unknown as { readonly prototype: object };
        for (const name of Object.getOwnPropertyNames(prototype)) {
          const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
          if (typeof handler !== 'function' || !Reflect.hasMetadata('path', handler) || name === 'constructor')
            continue;
          const declared = [handler, metatype].some((target) => Reflect.hasMetadata(ROUTE_DECLARATION, target));
          if (!declared) undeclared.push(`${metatype.name}.${name}`);
        }
      }
    }
    expect(undeclared).toEqual([]);
  });
});

describe('a route with access tokens lets in whom the matrix names, and no other caller:', () => {
  it.each(ofKind('token'))('%s', async (route, row) => {
    const [method, path] = split(route);
    for (const caller of callers) {
      const { status, headers } = await call(caller, method, path);
      const expected = expectedOf(row, caller);
      const seen = expected === 'in' && ![401, 403, 404, 500].includes(status) ? 'in' : status;
      expect([route, caller, seen]).toEqual([route, caller, expected]);
      if (status === 401 || status === 403) expect(headers.get('www-authenticate')).toMatch(/^DPoP /);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it.each(ofKind('token'))('%s: a consent that is not there looks like one that is not yours', async (route, row) => {
    const [method, path] = split(route);
    const unknown = path
      .replace(spent.consentId, randomUUID())
      .replace(spent.evidenceId, randomUUID())
      .replace(logs.logId, 'a'.repeat(26));
    if (unknown === path) return;
    for (const caller of ['tpp', 'bank', 'auditor'] as const) {
      if (row.admitted[caller] === undefined) continue;
      const { status } = await call(caller, method, unknown);
      expect([route, caller, status]).toEqual([route, caller, 404]);
    }
  });

  it('the token of a consent opens that consent and nothing else', async () => {
    const { tpp, otherTpp } = steps.parties;
    const path = `/consents/${live.consentId}`;
    const get = (party: RawClient): Promise<RawAnswer> => party.call(live.token, 'GET', path);
    expect((await get(tpp)).status).toBe(200);
    expect((await get(otherTpp)).status).toBe(401);
    expect((await tpp.call(live.token, 'DELETE', path)).status).toBe(403);
    expect((await tpp.call(live.token, 'GET', `${path}?access_token=${live.token}`)).status).toBe(200);
    expect((await tpp.get(`${path}?access_token=${live.token}`)).status).toBe(401);
  });

  it('HEAD of what is recorded when it is read, and other methods, are not allowed', async () => {
    expect((await knock('HEAD', `/consents/${spent.consentId}`)).status).toBe(405);
    expect((await knock('HEAD', `/evidence/${spent.evidenceId}`)).status).toBe(405);
    for (const method of ['PUT', 'PATCH']) {
      expect((await knock(method, `/consents/${spent.consentId}`)).status).toBe(405);
    }
  });
});

describe('the token of a login', () => {
  it('is no payment: no bank learns that there is such a token, and none can consume by it', async () => {
    const { tpp, bank, otherBank } = steps.parties;
    const token = await insertLoginToken(steps.payer.world, tpp);
    for (const party of [bank, otherBank]) {
      expect((await party.postAs('/introspect', { token })).body).toEqual({ active: false });
    }
    const asLogin = { ...live, token };
    const { status, body } = await steps.consume(asLogin, steps.consumption(asLogin, 'as-a-login'));
    expect([status, body['code']]).toEqual([422, 'consent.token-differs']);
  });

  it('is revoked by its own client, and by no other', async () => {
    const { tpp, otherTpp } = steps.parties;
    const token = await insertLoginToken(steps.payer.world, tpp);
    const isAccepted = async (): Promise<number> => (await tpp.call(token, 'GET', '/consent')).status;
    expect((await otherTpp.postAs('/revoke', { token })).status).toBe(200);
    expect(await isAccepted()).toBe(403);
    expect((await tpp.postAs('/revoke', { token })).status).toBe(200);
    expect(await isAccepted()).toBe(401);
  });
});

describe('an OAuth endpoint takes the clients that the matrix names:', () => {
  it.each(ofKind('client'))('%s', async (route, { statuses }) => {
    const [, path] = split(route);
    const fields = { grant_type: 'client_credentials', token: randomBytes(32).toString('base64url') };
    for (const [name, expected] of Object.entries(statuses)) {
      const party = steps.parties[name as keyof typeof statuses];
      const form = path === '/par' ? party.pushFields() : fields;
      const { status } = await party.postAs(path, form);
      expect([route, name, status]).toEqual([route, name, expected]);
      const bare = await party.post(path, { ...form, client_id: party.id });
      expect([route, name, bare.status, bare.body['error']]).toEqual([route, name, 401, 'invalid_client']);
      // An access token is no client authentication.
      const withToken = await party.call(tokens.get(name) ?? '', 'POST', path);
      expect([route, name, [401, 415].includes(withToken.status)]).toEqual([route, name, true]);
    }
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect([method, (await knock(method, path)).status]).toEqual([method, 405]);
    }
  });

  it('a code is for TPPs and clients of logins: a bank and an auditor are refused before it is looked at', async () => {
    for (const party of [steps.parties.bank, steps.parties.auditor]) {
      const form = party.redemption(randomBytes(32).toString('base64url'), { codeVerifier: 'v'.repeat(43) });
      const { status, body } = await party.postAs('/token', form);
      expect([status, body['error']]).toEqual([400, 'unauthorized_client']);
    }
  });
});

describe("a payer's page answers the bound browser alone, whatever else a caller holds:", () => {
  it.each(ofKind('browser'))('%s', async (route, { bound }) => {
    const [method, path] = split(route);
    const { bank } = steps.parties;
    const visits = {
      none: await knock(method, path),
      another: await knock(method, path, { cookie: `sigill=${randomBytes(32).toString('base64url')}` }),
      bank: await knock(method, path, {
        authorization: `DPoP ${tokens.get('bank') ?? ''}`,
        dpop: await bank.proof(method, path, tokens.get('bank')),
      }),
    };
    for (const [who, { status }] of Object.entries(visits)) expect([route, who, status]).toEqual([route, who, 404]);
    const own = await knock(method, path, { cookie: spent.cookie });
    expect([route, own.status]).toEqual([route, bound]);
    const foreign = await knock(method, path.replace(spent.interaction, randomBytes(16).toString('base64url')), {
      cookie: spent.cookie,
    });
    expect([route, foreign.status]).toEqual([route, 404]);
  });
});

describe('an open route asks for no credentials and sets no cookie:', () => {
  it.each(ofKind('open'))('%s', async (route, { status }) => {
    const [method, path] = split(route);
    const answer = await knock(method, path);
    expect([route, answer.status]).toEqual([route, status]);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.text).not.toMatch(new RegExp(`${spent.consentId}|${spent.interaction}|${anna}`));
  });
});
