/* Keeps the list of nearby screens fresh, unless a button in it is about to be pressed. */
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
