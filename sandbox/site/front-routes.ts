import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontPage } from './front-page.ts';
import { operatorPage, type Health } from './operator-page.ts';
import { notFound, show, type Call, type Routes } from './routes.ts';

const here = import.meta.dirname;
const css = ['site.css', 'parts.css'].map((name) => readFileSync(join(here, name), 'utf8')).join('');
const js = readFileSync(join(here, 'copy.js'), 'utf8');
const pictures = new Map(
  readdirSync(join(here, 'pictures')).map((name) => [name, readFileSync(join(here, 'pictures', name), 'utf8')]),
);

export const frontRoutes: Routes = {
  'GET /': (call) => show(call, frontPage(call.visit, call.site.links)),
  'GET /site.css': (call) => file(call, 'text/css; charset=utf-8', css),
  'GET /copy.js': (call) => file(call, 'text/javascript; charset=utf-8', js),
  'GET /pictures/:name': (call) => file(call, 'image/svg+xml', pictures.get(call.path['name'] ?? '')),
  'GET /operator': async (call) => show(call, operatorPage(call.visit, await readHealth(call), call.site.links)),
};

function file(call: Call, type: string, content: string | undefined): void {
  if (content === undefined) return notFound(call);
  call.response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(content);
}

async function readHealth({ site }: Call): Promise<Health> {
  const answer = await site.reach(new URL('/health/ready', site.links.issuer).href);
  const { details = {} } = (await answer.json()) as Partial<Health>;
  return { status: answer.status, details };
}
