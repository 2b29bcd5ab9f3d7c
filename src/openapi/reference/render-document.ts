import type { OpenAPIObject } from '@nestjs/swagger';
import { html, type Html } from '../../kernel/web/html.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface Route {
  readonly path: string;
  readonly method: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
}

/** What the API is and how its callers prove who they are. */
export function renderIntroduction({ info }: OpenAPIObject): Html {
  const paragraphs = (info.description ?? '').split('\n\n').map((text) => html`<p>${inline(text)}</p>`);
  return html`${paragraphs}
    <p>
      <a href="/docs/openapi.json">OpenAPI 3.1</a> · <a href="/problems">Problems</a> ·
      <a href="/.well-known/oauth-authorization-server">Authorization server metadata</a>
    </p>`;
}

/** All operations by tag, as plain HTML, which needs no script. */
export function renderOperations(document: OpenAPIObject): readonly Html[] {
  const routes = routesOf(document);
  const tags = [...new Set(routes.map((route) => route.tag))];
  return tags.map((tag) => {
    const entries = routes.filter((route) => route.tag === tag).map(renderRoute);
    const description = document.tags?.find(({ name }) => name === tag)?.description;
    return html`<section>
      <h2>${tag}</h2>
      <p>${description}</p>
      <dl>${entries}</dl>
    </section>`;
  });
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

function renderRoute({ method, path, summary, description }: Route): Html {
  const isBoth = summary !== '' && description !== '';
  return html`<dt><span class="method">${method}</span> <code>${path}</code></dt>
    <dd>${inline(summary)}${isBoth && html`<br />`}${inline(description)}</dd>`;
}

/** Code between backticks, the only Markdown that the descriptions use. */
function inline(text: string): readonly (string | Html)[] {
  return text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}
