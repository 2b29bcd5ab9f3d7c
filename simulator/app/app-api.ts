import { AppError } from '../orders/app-error.ts';
import type { AppOrders, SignAs } from '../orders/app-orders.ts';
import type { Faults } from '../orders/faults.ts';
import type { SimulatorTime } from '../orders/simulator-time.ts';
import { fullName, people } from '../pki/people.ts';
import type { ScenarioPlan } from '../scenarios/scenario-plan.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { findScenario, scenarios } from '../scenarios/scenarios.ts';
import type { TsaRoutes } from '../tsa/tsa-routes.ts';
import { isTsaScenario } from '../tsa/tsa-scenarios.ts';
import { parseOrderFault, planFault } from './parse-faults.ts';
import { viewOrder } from './view-order.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What the app's routes work on. */
export interface AppContext {
  readonly orders: AppOrders;
  readonly faults: Faults;
  readonly scenarios: ScenarioPlan;
  readonly time: SimulatorTime;
  readonly tsa: TsaRoutes;
}

type Handler = (context: AppContext, body: JsonObject, id: string) => unknown;

const order = (value: Parameters<typeof viewOrder>[0]): { readonly order: ReturnType<typeof viewOrder> } => ({
  order: viewOrder(value),
});

/** Method and path, `:id` for one segment, to what it answers. Documented in simulator/README.md. */
const routes: Readonly<Record<string, Handler>> = {
  'POST /api/scan': ({ orders }, body) => order(orders.scan(text(body, 'qr'))),
  'POST /api/open': ({ orders }, body) => order(orders.open(autoStartToken(text(body, 'autoStartToken')))),
  'GET /api/orders': ({ orders }) => ({ orders: orders.list().map(viewOrder) }),
  'GET /api/orders/:id': ({ orders }, _, id) => order(orders.get(id)),
  'POST /api/orders/:id/scan': ({ orders }, _, id) => order(orders.scanScreen(id)),
  'POST /api/orders/:id/call': ({ orders }, body, id) => order(orders.answerCall(id, bool(body, 'inCall'))),
  'POST /api/orders/:id/document': ({ orders }, _, id) => order(orders.readDocument(id)),
  'POST /api/orders/:id/sign': async ({ orders }, body, id) => order(await orders.sign(id, signAs(body))),
  'POST /api/orders/:id/cancel': ({ orders }, _, id) => order(orders.fail(id, 'userCancel')),
  'POST /api/orders/:id/fail': ({ orders }, body, id) => order(orders.fail(id, text(body, 'hintCode'))),
  'POST /api/orders/:id/wait': ({ orders }, body, id) =>
    order(orders.wait(id, optionalText(body, 'hintCode') ?? 'userSign')),
  'POST /api/orders/:id/faults': ({ orders }, body, id) => order(orders.addFault(id, parseOrderFault(body))),
  'POST /api/orders/:id/scenario': ({ orders }, body, id) =>
    order(orders.setScenario(id, asScenario(body['scenario']))),
  'POST /api/people/:id/open': ({ orders }, _, id) => order(orders.openFor(id)),
  'GET /api/people': () => ({ people: people.map((p) => ({ personalNumber: p.personalNumber, name: fullName(p) })) }),
  'POST /api/people/:id/revoke': ({ orders }, _, id) => setRevoked(orders, id, true),
  'POST /api/people/:id/restore': ({ orders }, _, id) => setRevoked(orders, id, false),
  'POST /api/people/:id/scenario': (context, body, id) => {
    context.scenarios.planFor(id, asScenario(body['scenario']));
    return context.scenarios.waiting();
  },
  'GET /api/scenarios': (context) => ({
    scenarios: scenarios.map(({ id, sv, en }) => ({ id, sv, en })),
    planned: context.scenarios.waiting(),
  }),
  'POST /api/scenarios': (context, body) => {
    context.scenarios.planNext(asScenario(body['scenario']));
    return context.scenarios.waiting();
  },
  'DELETE /api/scenarios': (context) => {
    context.scenarios.clear();
    return context.scenarios.waiting();
  },
  'GET /api/faults': ({ faults }) => faults.waiting(),
  'POST /api/faults': ({ faults }, body) => {
    planFault(body, faults);
    return faults.waiting();
  },
  'DELETE /api/faults': ({ faults }) => {
    faults.clear();
    return faults.waiting();
  },
  'POST /api/tsa': ({ tsa }, body) => {
    const scenario = text(body, 'scenario');
    if (!isTsaScenario(scenario)) throw malformed('scenario');
    tsa.scenario = scenario;
    return { scenario };
  },
  'POST /api/clock': ({ time }, body) => {
    const { advanceMs } = body;
    if (typeof advanceMs !== 'number' || !(advanceMs >= 0)) throw malformed('advanceMs');
    time.advance(advanceMs);
    return { passedMs: Math.round(time.passedMs()) };
  },
};

/**
 * Answers one call of the API.
 * @throws AppError for an unknown path, a malformed body, or an order that is not in the right state
 */
export async function callApi(context: AppContext, method: string, path: string, body: JsonObject): Promise<unknown> {
  const [, api, collection, id, action] = path.split('/');
  const pattern = [api, collection, ...(id === undefined ? [] : [':id']), ...(action === undefined ? [] : [action])];
  const key = `${method} /${pattern.join('/')}`;
  const handler = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (!handler) throw new AppError(404, 'not-found', 'There is no such operation.');
  return await handler(context, body, decodeSegment(id ?? ''));
}

/** The scenario of that name, or none for null and an empty text. @throws AppError `scenario-malformed` */
export function asScenario(id: unknown): Scenario | undefined {
  if (id === null || id === '') return undefined;
  const scenario = typeof id === 'string' ? findScenario(id) : undefined;
  if (!scenario) throw new AppError(400, 'scenario-malformed', 'There is no such scenario.');
  return scenario;
}

/** A path segment as it was meant. @throws AppError for a malformed escape */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AppError(400, 'malformed', 'The path is malformed.');
  }
}

/** The token alone, or the one in a launch link. */
export function autoStartToken(tokenOrLink: string): string {
  return /[?&]autostarttoken=([^&#]+)/i.exec(tokenOrLink)?.[1] ?? tokenOrLink.trim();
}

function setRevoked(orders: AppOrders, personalNumber: string, revoked: boolean): JsonObject {
  orders.setRevoked(personalNumber, revoked);
  return { personalNumber, revoked };
}

function signAs(body: JsonObject): SignAs {
  const personalNumber = optionalText(body, 'personalNumber');
  return {
    personalNumber,
    name: optionalText(body, 'name'),
    deviceIp: optionalText(body, 'deviceIp'),
    risk: optionalText(body, 'risk'),
    securityCode: optionalText(body, 'securityCode'),
  };
}

function text(body: JsonObject, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw malformed(name);
  return value;
}

function bool(body: JsonObject, name: string): boolean {
  const value = body[name];
  if (typeof value !== 'boolean') throw malformed(name);
  return value;
}

function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw malformed(name);
  return value;
}

const malformed = (name: string): AppError =>
  new AppError(400, 'malformed', `The member ${name} is not as documented.`);
