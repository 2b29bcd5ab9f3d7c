'use strict';

/**
 * A button beside each command, which puts its text on the clipboard.
 * @param {HTMLElement} command
 */
function addButton(command) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = command.dataset['copy'] ?? '';
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(command.textContent.trim()).then(() => {
      button.textContent = command.dataset['copied'] ?? '';
    });
  });
  command.insertAdjacentElement('afterend', button);
}

// The clipboard is there on localhost and on https only.
if ('clipboard' in navigator) {
  for (const command of document.querySelectorAll('pre[data-copy]')) {
    if (command instanceof HTMLElement) addButton(command);
  }
}
