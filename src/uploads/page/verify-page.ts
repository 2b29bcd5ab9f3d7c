import { readFileSync } from 'node:fs';
import { Assets, seal, stylesheet } from '../../design/assets.ts';
import { pageDocument } from '../../design/document.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import type { Environment } from '../../kernel/environment.ts';
import { readingPurposes } from '../purpose.ts';

const own = (file: string): URL => new URL(file, import.meta.url);

/** Script, style and seal of the page, read once at start-up. */
export const assets = new Assets('/verify/assets', {
  'verify.css': stylesheet(own('verify.css')),
  'verify.js': readFileSync(own('verify.js'), 'utf8'),
  'seal.svg': seal,
});

/** The page for people: drop a file, read the report. Script and style are separate files, because nothing inline may run. */
export function verifyPage(environment: Environment): Html {
  return pageDocument({
    ...{ language: 'en', title: 'Verify evidence', view: 'verify', isWide: true },
    files: {
      stylesheets: [assets.path('verify.css')],
      scripts: [assets.path('verify.js')],
      seal: assets.path('seal.svg'),
    },
    main: html`<h1>Verify evidence</h1>
      <p class="lead">
        Drop an evidence folder as a ZIP, evidence as JSON, or a BankID signature (.b64, .xml) with its OCSP response
        (.ocsp, .der). It is verified against the root of <strong>${environment}</strong> and not stored.
      </p>
      ${wishes()}
      <label id="drop" for="files">Drop files here, or choose them</label>
      <input id="files" type="file" multiple />
      <pre id="report" role="status" aria-live="polite"></pre>`,
  });
}

function wishes(): Html {
  return html`<div class="wishes">
    <label for="purpose">Why</label>
    <select id="purpose">
      ${readingPurposes.map((purpose) => html`<option>${purpose}</option>`)}
    </select>
    <label for="language">Language</label>
    <select id="language">
      <option value="en">English</option>
      <option value="sv">Svenska</option>
    </select>
  </div>`;
}
