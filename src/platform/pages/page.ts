import type { Response } from 'express';
import { html, type Html } from '../../kernel/html.ts';
import { openPage, pagePolicy } from '../security-headers.ts';

/** The one stylesheet of the edge's own pages, served beside them: the policy allows nothing inline. */
export const stylesheet = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1d2430;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #d5dae2}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .75rem}
table{border-collapse:collapse}td,th{text-align:left;padding:.25rem 1rem .25rem 0;vertical-align:top}
.method{display:inline-block;min-width:4.5rem;font-weight:600}
@media (prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}h2{border-color:#3a4250}}
`;

/** Sends a page of {@link makePage} under the narrowest policy. */
export function sendPage(response: Response, page: Html): void {
  openPage(response, pagePolicy).type('html').send(page.toString());
}

export function makePage(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="/docs/sigill.css" />
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`;
}
