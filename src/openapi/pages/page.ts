import type { Response } from 'express';
import { html, type Html } from '../../kernel/web/html.ts';
import { openPage, pagePolicy } from '../../http/security-headers.ts';
import { pageStyle } from '../page-style.ts';

/** The stylesheet of the pages below `/docs` and `/problems`. It is a separate file, because the policy allows nothing inline. */
export const stylesheet = pageStyle(new URL('sigill.css', import.meta.url));

/** Sends a page made by {@link makePage} with the narrowest policy. */
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
