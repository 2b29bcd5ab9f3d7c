/** SQL statements of one payment, BEGIN and COMMIT included. */
export interface Statements {
  /** Within /par, /authorize, the return and /token. */
  readonly parToToken: number;
  /** Page, order, collecting and settling, without the polls of the page's status. */
  readonly signing: number;
  readonly introspection: number;
}

const parToToken = ['POST /par', 'GET /authorize', 'GET /authorize/:interaction/return', 'POST /token'];
const polls = ['GET /pay/:interaction/status', 'GET /pay/:interaction/qr'];

/** Reads the counters of a service that has served exactly one payment and no machine token since it started. */
export async function readStatements(metricsUrl: string): Promise<Statements> {
  const text = await (await fetch(metricsUrl)).text();
  const statements = counterByRoute(text, 'sigill_sql_statements_total');
  const isSigning = (route: string): boolean =>
    (route.includes('/pay/') && !polls.includes(route)) || route.startsWith('worker ');
  return {
    parToToken: sum(statements, (route) => parToToken.includes(route)),
    signing: sum(statements, isSigning),
    introspection: sum(statements, (route) => route === 'POST /introspect'),
  };
}

/** What the service has sent to its database since it started: for requests, collects and settlements, or for one route. */
export async function countStatements(metricsUrl: string, route?: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  return sum(counterByRoute(text, 'sigill_sql_statements_total'), (name) => route === undefined || name === route);
}

function counterByRoute(text: string, name: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(new RegExp(`^${name}\\{route="([^"]*)"\\} (\\d+)$`, 'gm'));
  return new Map([...lines].map(([, route = '', value]) => [route, Number(value)]));
}

function sum(counters: ReadonlyMap<string, number>, wanted: (route: string) => boolean): number {
  return [...counters].filter(([route]) => wanted(route)).reduce((total, [, value]) => total + value, 0);
}
