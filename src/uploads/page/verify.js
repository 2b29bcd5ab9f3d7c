/*
 * Makes the form comfortable: files can be dropped, the share that has been sent is shown, and a report can be read in the
 * other language. Without this script the form does the same. The page that answers is the same too.
 */
'use strict';

/** What was verified last, to be shown in the other language. @type {FormData | undefined} */
let verified;

/** @type {<T extends HTMLElement>(id: string) => T | null} */
const find = (id) => /** @type {any} */ (document.getElementById(id));

/** What only a script can offer is shown by the script. */
function enhance() {
  for (const id of ['drop-hint', 'print']) {
    const element = find(id);
    if (element) element.hidden = false;
  }
}

/** @param {string} text */
function say(text) {
  const progress = find('progress');
  if (progress) progress.textContent = text;
}

/** @param {HTMLFormElement} form @param {FormData} data @param {string} address */
function send(form, data, address) {
  const { sending = '', checking = '', unreachable = '', tooLarge = '' } = form.dataset;
  const size = data.getAll('files').reduce((sum, file) => sum + (file instanceof File ? file.size : 0), 0);
  if (size > Number(form.dataset['limit'])) {
    say(tooLarge);
    return;
  }
  const bar = /** @type {HTMLProgressElement | null} */ (find('sent'));
  const button = form.querySelector('button');
  const isBusy = (/** @type {boolean} */ busy) => {
    if (bar) bar.hidden = !busy;
    if (button) button.disabled = busy;
  };
  const request = new XMLHttpRequest();
  request.open('POST', address);
  request.responseType = 'document';
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    if (bar) bar.value = loaded / total;
    say(loaded < total ? sending.replace('%', String(Math.floor((100 * loaded) / total))) : checking);
  });
  request.addEventListener('load', () => {
    isBusy(false);
    if (request.responseXML?.getElementById('verdict')) show(request.responseXML, data);
    else say(unreachable);
  });
  request.addEventListener('error', () => {
    isBusy(false);
    say(unreachable);
  });
  isBusy(true);
  say(checking);
  request.send(data);
}

/** @param {Document} answer @param {FormData} data */
function show(answer, data) {
  document.documentElement.lang = answer.documentElement.lang;
  document.title = answer.title;
  document.body.replaceWith(document.adoptNode(answer.body));
  verified = find('report') ? data : undefined;
  enhance();
  window.scrollTo(0, 0);
  find('verdict')?.focus({ preventScroll: true });
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  send(form, new FormData(form), form.action);
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.id !== 'files') return;
  say('');
});

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : undefined;
  if (target?.closest('#print')) window.print();
  const link = target?.closest('a.language');
  const form = /** @type {HTMLFormElement | null} */ (find('verify'));
  if (!(link instanceof HTMLAnchorElement) || !form || !verified) return;
  event.preventDefault();
  send(form, verified, `${form.action}?lang=${link.hreflang}`);
});

for (const kind of /** @type {const} */ (['dragover', 'dragleave', 'drop'])) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    find('drop')?.classList.toggle('over', kind === 'dragover');
    const form = /** @type {HTMLFormElement | null} */ (find('verify'));
    const transfer = event.dataTransfer;
    if (kind !== 'drop' || !form || !transfer || transfer.files.length === 0) return;
    const isFolder = [...transfer.items].some((item) => item.webkitGetAsEntry()?.isDirectory);
    if (isFolder) {
      say(form.dataset['folder'] ?? '');
      return;
    }
    const data = new FormData(form);
    data.delete('files');
    for (const file of transfer.files) data.append('files', file);
    send(form, data, form.action);
  });
}

/** A printed report is whole: what is folded is opened for it. */
for (const [kind, isOpen] of /** @type {const} */ ([
  ['beforeprint', true],
  ['afterprint', false],
])) {
  window.addEventListener(kind, () => {
    for (const details of document.querySelectorAll('#report details')) {
      /** @type {HTMLDetailsElement} */ (details).open = isOpen;
    }
  });
}

enhance();
