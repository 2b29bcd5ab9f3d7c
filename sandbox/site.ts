import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { chooseLanguage, findLanguage, languageCookie } from '../src/design/language.ts';
import { requestUrl } from '../simulator/request-url.ts';
import { html } from '../src/kernel/web/html.ts';
import { auditRoutes } from './audit-desk/routes.ts';
import { signatureOrderRoutes } from './audit-desk/signature-order-routes.ts';
import { bankRoutes } from './bank-desk/routes.ts';
import { identityRoutes } from './identity/routes.ts';
import { shopRoutes } from './shop/routes.ts';
import { stepPart } from './site/exchange-part.ts';
import { messagePage, type Visit } from './site/frame.ts';
import { frontRoutes } from './site/front-routes.ts';
import { RefusedStep } from './site/recorder.ts';
import { notFound, show, type Call, type Routes, type Site } from './site/routes.ts';

const routes: Routes = {
  ...frontRoutes,
  ...shopRoutes,
  ...bankRoutes,
  ...identityRoutes,
  ...signatureOrderRoutes,
  ...auditRoutes,
};
const LONGEST_FORM = 4096;

/** The sandbox's own pages on loopback: the first page, and its four doors. */
export async function startSite(port: number, site: Site): Promise<Server> {
  const server = createServer((request, response) => {
    const visit = visitOf(request, port);
    handle(request, response, visit, site).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else show({ response }, failurePage(visit, error), 502);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function handle(request: IncomingMessage, response: ServerResponse, visit: Visit, site: Site): Promise<void> {
  const { url } = visit;
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  // Another site whose name was made to lead here reads nothing.
  const isHere = [url.host, `127.0.0.1:${url.port}`].includes(request.headers.host ?? '');
  if (isHere && site.identity.handle(request, response)) return;
  const isOwnForm = method === 'GET' || request.headers.origin === url.origin;
  const form = method === 'POST' ? await formOf(request) : new URLSearchParams();
  const found = isHere && isOwnForm ? findRoute(`${method} ${url.pathname}`) : undefined;
  const call: Call = { request, response, visit, site, form, path: found?.path ?? {} };
  const chosen = findLanguage(url.searchParams.get('lang'));
  if (chosen) response.setHeader('set-cookie', languageCookie(chosen, false));
  if (!found) {
    notFound(call);
    return;
  }
  return found.route(call);
}

function visitOf({ url, headers }: IncomingMessage, port: number): Visit {
  const address = requestUrl(url, `http://localhost:${port}`);
  const language = chooseLanguage(address.searchParams.get('lang'), headers.cookie, headers['accept-language']);
  return { url: address, language, t: (swedish, english) => (language === 'sv' ? swedish : english) };
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length <= LONGEST_FORM) return new URLSearchParams(await text(request));
  request.resume();
  return new URLSearchParams();
}

interface Found {
  readonly route: Routes[string];
  readonly path: Readonly<Record<string, string>>;
}

function findRoute(asked: string): Found | undefined {
  const parts = asked.split('/');
  for (const [pattern, route] of Object.entries(routes)) {
    const names = pattern.split('/');
    const fits = names.length === parts.length && names.every((name, at) => name.startsWith(':') || name === parts[at]);
    if (!fits) continue;
    const values = names.map((name, at) => [name.slice(1), parts[at] ?? ''] as const);
    return { route, path: Object.fromEntries(values.filter((_, at) => names[at]?.startsWith(':'))) };
  }
  return undefined;
}

/** The service refused, or could not be reached: what was sent says why. */
function failurePage(visit: Visit, error: unknown): ReturnType<typeof messagePage> {
  const { t } = visit;
  const reason = error instanceof Error ? error.message : 'unknown';
  const exchanges = error instanceof RefusedStep ? error.exchanges : [];
  return messagePage(
    visit,
    t('Något gick fel', 'Something went wrong'),
    html`${t('Tjänsten nekade', 'The service refused')}: ${reason}
    ${exchanges.length > 0 && stepPart(visit, { title: t('Vad som skickades', 'What was sent'), exchanges })}`,
  );
}
