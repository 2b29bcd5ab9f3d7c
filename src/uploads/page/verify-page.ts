import { readFileSync } from 'node:fs';
import { html, type Html } from '../../kernel/web/html.ts';
import type { Environment } from '../../kernel/environment.ts';
import { pageStyle } from '../../openapi/page-style.ts';
import { readingPurposes } from '../purpose.ts';

/** Script and style of the page, read once at start-up. */
export const verifyCss = pageStyle(new URL('verify.css', import.meta.url));
export const verifyJs = readFileSync(new URL('verify.js', import.meta.url), 'utf8');

/** The page for people: drop a file, read the report. Script and style are separate files, because nothing inline may run. */
export function verifyPage(environment: Environment): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Verify evidence</title>
        <link rel="stylesheet" href="/verify/verify.css" />
        <script src="/verify/verify.js" defer></script>
      </head>
      <body>
        <h1>Verify evidence</h1>
        <p>
          Drop an evidence folder as a ZIP, evidence as JSON, or a BankID signature (.b64, .xml) with its OCSP response
          (.ocsp, .der). It is verified against the root of <strong>${environment}</strong> and not stored.
        </p>
        <p>
          <label for="purpose">Why</label>
          <select id="purpose">
            ${readingPurposes.map((purpose) => html`<option>${purpose}</option>`)}
          </select>
          <label for="language">Language</label>
          <select id="language">
            <option value="en">English</option>
            <option value="sv">Svenska</option>
          </select>
        </p>
        <label id="drop" for="files">Drop files here, or choose them</label>
        <input id="files" type="file" multiple />
        <pre id="report" role="status" aria-live="polite"></pre>
      </body>
    </html>`;
}
