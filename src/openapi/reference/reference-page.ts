import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'express';
import { readFileSync } from 'node:fs';
import { Assets } from '../../design/assets.ts';
import { commonFiles } from '../../design/common-files.ts';
import { pageDocument } from '../../design/document.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { openPage } from '../../http/security-headers.ts';
import { libraryPath } from './library-files.ts';
import { renderIntroduction, renderOperations } from './render-document.ts';

/**
 * Scripts, styles and requests of this origin alone, nothing inline and no eval; the library's stylesheet draws its arrows as data: URIs.
 * @see W3C Content Security Policy Level 3
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const own = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

/** Our own style and script, which stand after the library's. */
export const referenceAssets = new Assets('/docs/assets', {
  'before.css': own('before.css'),
  'reference.css': own('reference.css'),
  'reference.js': own('reference.js'),
});

/** The API reference. Until its script has run, or where none runs, it lists all operations. */
export function referencePage(document: OpenAPIObject): Html {
  const { title, version } = document.info;
  return pageDocument({
    ...{ language: 'en', title: 'API reference', view: 'docs', isWide: true },
    files: {
      ...commonFiles,
      stylesheets: [
        ...commonFiles.stylesheets,
        referenceAssets.path('before.css'),
        libraryPath('swagger-ui.css'),
        referenceAssets.path('reference.css'),
      ],
      scripts: [libraryPath('swagger-ui-bundle.js'), referenceAssets.path('reference.js')],
    },
    main: html`<h1>${title} ${version}: API reference</h1>
      ${renderIntroduction(document)}
      <div id="reference" data-description="/docs/openapi.json">${renderOperations(document)}</div>`,
  });
}

export function sendReference(response: Response, page: Html): void {
  openPage(response, POLICY).type('html').send(page.toString());
}
