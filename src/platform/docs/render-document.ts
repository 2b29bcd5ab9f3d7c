import type { OpenAPIObject } from '@nestjs/swagger';
import { escapeHtml } from '../pages/page.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface Route {
  readonly path: string;
  readonly method: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
}

/** All routes by tag, as plain HTML: readable without a script, so that the page needs no exception from its policy. */
export function renderDocument(document: OpenAPIObject): string {
  const routes = routesOf(document);
  const tags = [...new Set(routes.map((route) => route.tag))];
  const body = tags.map((tag) => {
    const entries = routes.filter((route) => route.tag === tag).map(renderRoute);
    return `<h2>${escapeHtml(tag)}</h2><dl>${entries.join('')}</dl>`;
  });
  const links =
    '<p><a href="/docs/openapi.json">OpenAPI 3.1</a> · <a href="/problems">Problems</a> · ' +
    '<a href="/.well-known/oauth-authorization-server">Authorization server metadata</a></p>';
  return `<p>${escapeHtml(document.info.description ?? '')}</p>${links}${body.join('')}`;
}

function routesOf(document: OpenAPIObject): readonly Route[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const { tags = [], summary = '', description = '' } = operation;
      return [{ path, method: method.toUpperCase(), tag: tags[0] ?? 'other', summary, description }];
    }),
  );
}

function renderRoute({ method, path, summary, description }: Route): string {
  const text = [summary, description].filter((part) => part !== '').map(escapeHtml);
  return `<dt><span class="method">${method}</span> <code>${escapeHtml(path)}</code></dt><dd>${text.join('<br>')}</dd>`;
}
