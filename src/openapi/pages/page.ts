import type { Response } from 'express';
import { readFileSync } from 'node:fs';
import { pageDocument } from '../../design/document.ts';
import { commonFiles } from '../../design/common-files.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { openPage, pagePolicy } from '../../http/security-headers.ts';

/** What the pages below `/docs` and `/problems` have besides the shared rules. It is a separate file, because the policy allows nothing inline. */
export const stylesheet = readFileSync(new URL('sigill.css', import.meta.url), 'utf8');

const files = { ...commonFiles, stylesheets: [...commonFiles.stylesheets, '/docs/sigill.css'] };

/** Sends a page made by {@link makePage} with the narrowest policy. */
export function sendPage(response: Response, page: Html): void {
  openPage(response, pagePolicy).type('html').send(page.toString());
}

/** A page for developers, in the frame of all pages. */
export function makePage(title: string, view: string, body: Html): Html {
  return pageDocument({
    ...{ language: 'en', title, view, files, isWide: true },
    main: html`<h1>${title}</h1>
      ${body}`,
    footer: html`<p><a href="/docs">API reference</a> · <a href="/problems">Problems</a></p>`,
  });
}
