/**
 * The whole of the script. It changes a picture, a sentence, or loads the page again: which page that is, the server decides.
 * The link to the BankID app is never followed by it.
 */
export const payerJs = `'use strict';
(() => {
  const main = document.getElementById('content');
  const statusPath = main.dataset.status;
  const message = main.querySelector('[data-message]');
  let failures = 0;
  let timer;
  let gone = false;

  function reload() {
    gone = true;
    location.replace(location.pathname);
  }

  function show(code, text) {
    if (message === null || message.textContent === text) return;
    message.dataset.rfa = code;
    message.textContent = text;
  }

  async function poll() {
    clearTimeout(timer);
    if (gone) return;
    try {
      const answer = await fetch(statusPath, { headers: { accept: 'application/json' }, cache: 'no-store', redirect: 'error' });
      if (answer.status === 404) return reload();
      if (!answer.ok) throw new Error('status ' + answer.status);
      const status = await answer.json();
      failures = 0;
      if (status.version !== main.dataset.version) return reload();
      show(status.rfa, status.message);
    } catch {
      failures += 1;
      if (failures > 2) show('', main.dataset.offline);
    }
    if (!gone) timer = setTimeout(poll, 2000);
  }

  async function nextFrame() {
    const shown = main.querySelector('[data-qr]');
    if (shown === null || gone) return;
    const frame = shown.cloneNode(false);
    frame.src = shown.dataset.qr + '?' + Date.now();
    try {
      await frame.decode();
      shown.replaceWith(frame);
    } catch {
      // No frame just now: the order is being renewed, or has begun. The status will say which.
    }
    setTimeout(nextFrame, 1000);
  }

  if (statusPath !== undefined) {
    poll();
    // The way back from the app: a phone stops the timers of a page that nobody sees.
    document.addEventListener('visibilitychange', () => { if (!document.hidden) poll(); });
    addEventListener('pageshow', (event) => { if (event.persisted) poll(); });
  }
  setTimeout(nextFrame, 1000);

  for (const form of document.forms) {
    form.addEventListener('submit', () => {
      for (const button of document.querySelectorAll('button')) button.disabled = true;
    });
  }
  addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll('button')) button.disabled = false;
  });

  const onward = main.querySelector('a[data-continue]');
  if (onward !== null) setTimeout(() => { location.assign(onward.href); }, 2500);
})();
`;
