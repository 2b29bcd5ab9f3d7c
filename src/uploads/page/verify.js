/* What comes back is shown as text, whatever it is. */
'use strict';
const drop = /** @type {HTMLElement} */ (document.getElementById('drop'));
const input = /** @type {HTMLInputElement} */ (document.getElementById('files'));
const report = /** @type {HTMLElement} */ (document.getElementById('report'));
const purpose = /** @type {HTMLSelectElement} */ (document.getElementById('purpose'));
const language = /** @type {HTMLSelectElement} */ (document.getElementById('language'));

/** @param {File[]} files */
async function uploadOf(files) {
  const zip = files.find((file) => /\.zip$/i.test(file.name));
  if (zip) return { type: 'application/zip', body: zip };
  const json = files.find((file) => /\.json$/i.test(file.name));
  if (json) return { type: 'application/json', body: json };
  const isOcsp = (/** @type {File} */ file) => /\.(ocsp|der)$|ocsp\.b64$/i.test(file.name);
  const signature = files.find((file) => !isOcsp(file));
  const ocsp = files.find(isOcsp);
  if (!signature) throw new Error('There is no signature among the files.');
  /** @type {{ signature: string, ocspResponse?: string }} */
  const members = { signature: (await signature.text()).trim() };
  if (ocsp) members.ocspResponse = base64(new Uint8Array(await ocsp.arrayBuffer()));
  return { type: 'application/json', body: JSON.stringify(members) };
}

/** @param {Uint8Array} bytes DER, or base64 that stays as it is */
function base64(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return bytes[0] === 0x30 && bytes[1] >= 0x80 ? btoa(text) : text.trim();
}

/** @param {File[]} files */
async function verify(files) {
  show('…', '');
  try {
    const { type, body } = await uploadOf(files);
    const wishes = { accept: 'text/plain', 'accept-language': language.value, 'sigill-purpose': purpose.value };
    const headers = { 'content-type': type, ...wishes };
    const answer = await fetch('/verify', { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(problemText(text));
    // Nothing before the verdict but what kind of root vouched, and nothing behind it.
    show(text, /^((TEST|UNPINNED) {2})?TOTAL-PASSED\n/.test(text) ? 'passed' : 'refused');
  } catch (error) {
    show(error instanceof Error ? error.message : String(error), 'refused');
  }
}

/** @param {string} document a problem document (RFC 9457) */
function problemText(document) {
  const { detail, title } = /** @type {{ detail?: string, title: string }} */ (JSON.parse(document));
  return detail || title;
}

/** @param {string} text @param {string} kind */
function show(text, kind) {
  report.textContent = text;
  report.className = kind;
}

input.addEventListener('change', () => void verify([...(input.files ?? [])]));
for (const kind of /** @type {const} */ (['dragenter', 'dragover', 'dragleave', 'drop'])) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
    if (kind === 'drop') void verify([...(event.dataTransfer?.files ?? [])]);
  });
}
