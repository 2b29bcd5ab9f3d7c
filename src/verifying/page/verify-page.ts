import { html, type Html } from '../../kernel/html.ts';
import type { Environment } from '../../kernel/environment.ts';
import { readingPurposes } from '../purpose.ts';

/** The page for people: drop a file, read the report. Script and style are files of their own, so that nothing inline runs. */
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
          (.ocsp, .der). It is verified against the root of <strong>${environment}</strong>, and kept nowhere.
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

export const verifyCss = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1d2430;background:#fff}
h1{font-size:1.5rem}select{font:inherit;margin:0 1rem 0 .25rem}
#drop{display:block;border:2px dashed #8a94a6;border-radius:.5rem;padding:3rem 1rem;text-align:center;cursor:pointer}
#drop.over{border-color:#1b5fc1;background:#eef4fd}#files{margin:.5rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.95rem/1.5 ui-monospace,monospace}
pre.passed{border-left:.4rem solid #18794e;padding-left:1rem}pre.refused{border-left:.4rem solid #b42318;padding-left:1rem}
@media (prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}#drop.over{background:#1d2a40}}
`;

/** Plain JavaScript for browsers. Whatever comes back is shown as text. */
export const verifyJs = `'use strict';
const byId = (id) => document.getElementById(id);
const [drop, input, report] = [byId('drop'), byId('files'), byId('report')];

async function uploadOf(files) {
  const zip = files.find((file) => /\\.zip$/i.test(file.name));
  if (zip) return { type: 'application/zip', body: zip };
  const json = files.find((file) => /\\.json$/i.test(file.name));
  if (json) return { type: 'application/json', body: json };
  const isOcsp = (file) => /\\.(ocsp|der)$|ocsp\\.b64$/i.test(file.name);
  const signature = files.find((file) => !isOcsp(file));
  const ocsp = files.find(isOcsp);
  if (!signature) throw new Error('There is no signature among the files.');
  const members = { signature: (await signature.text()).trim() };
  if (ocsp) members.ocspResponse = base64(new Uint8Array(await ocsp.arrayBuffer()));
  return { type: 'application/json', body: JSON.stringify(members) };
}

function base64(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return bytes[0] === 0x30 && bytes[1] >= 0x80 ? btoa(text) : text.trim();
}

async function verify(files) {
  show('…', '');
  try {
    const { type, body } = await uploadOf(files);
    const headers = { 'content-type': type, accept: 'text/plain', 'accept-language': byId('language').value };
    headers['sigill-purpose'] = byId('purpose').value;
    const answer = await fetch('/verify', { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(JSON.parse(text).detail || JSON.parse(text).title);
    show(text, / matches +no\\b/.test(text) || !text.split('\\n', 1)[0].includes('TOTAL-PASSED') ? 'refused' : 'passed');
  } catch (error) {
    show(error.message, 'refused');
  }
}

function show(text, kind) {
  report.textContent = text;
  report.className = kind;
}

input.addEventListener('change', () => verify([...input.files]));
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
    if (kind === 'drop') verify([...event.dataTransfer.files]);
  });
}
`;
