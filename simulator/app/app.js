/* Keeps the lists of orders up to date, unless one of their buttons has the focus. */
'use strict';

/** @param {HTMLElement} list */
async function refresh(list) {
  if (document.hidden || list.contains(document.activeElement)) return;
  try {
    const response = await fetch(list.dataset['refresh'] ?? '');
    const text = await response.text();
    if (response.ok && text !== list.dataset['shown']) {
      list.innerHTML = text;
      list.dataset['shown'] = text;
      const count = list.parentElement?.querySelector('.count');
      if (count) count.textContent = String(list.querySelectorAll('li').length);
    }
  } catch {
    // The simulator is gone; the next round tries again.
  }
}

setInterval(() => {
  for (const list of document.querySelectorAll('[data-refresh]')) {
    if (list instanceof HTMLElement) void refresh(list);
  }
}, 1500);
