/* Keeps the list of nearby screens up to date, unless one of its buttons has the focus. */
'use strict';
const nearby = document.getElementById('nearby');

/** @param {HTMLElement} list */
async function refresh(list) {
  if (document.hidden || list.contains(document.activeElement)) return;
  try {
    const response = await fetch('/nearby');
    const text = await response.text();
    if (response.ok && text !== list.dataset['shown']) {
      list.innerHTML = text;
      list.dataset['shown'] = text;
    }
  } catch {
    // The simulator is gone; the next round tries again.
  }
}

if (nearby) setInterval(() => void refresh(nearby), 1500);
