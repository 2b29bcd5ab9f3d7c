/* Shows the API's description with Swagger UI in place of the list that the page came with. */
'use strict';
(function () {
  /**
   * @typedef {unknown} Element
   * @typedef {(props: Readonly<Record<string, unknown>>) => Element} Component
   * @typedef {(type: unknown, props: object | null, ...children: unknown[]) => Element} MakeElement
   * @typedef {(...path: readonly string[]) => unknown} Read
   * @typedef {{ getIn: (path: readonly string[]) => undefined | { toJS?: () => unknown } }} Tree
   * @typedef {{ React: { createElement: MakeElement }, specSelectors: { specJson: () => Tree } }} System
   */
  const place = /** @type {HTMLElement} */ (document.getElementById('reference'));
  const SwaggerUI = /** @type {(options: object) => void} */ (Reflect.get(window, 'SwaggerUIBundle'));
  const dark = matchMedia('(prefers-color-scheme: dark)');

  /** Who may call the operation. @param {MakeElement} h @param {Read} read @param {readonly string[]} operation */
  function callers(h, read, operation) {
    const either = /** @type {Record<string, string[]>[]} */ (read(...operation, 'security') ?? []);
    const ways = either.map((way) =>
      Object.entries(way)
        .map(([name, scopes]) => (scopes.length > 0 ? `${name} (scope ${scopes.join(', ')})` : name))
        .join(' with '),
    );
    const names = [...new Set(either.flatMap((way) => Object.keys(way)))];
    const terms = names.flatMap((name) => [
      h('dt', { key: name }, name),
      h('dd', { key: `${name} is` }, read('components', 'securitySchemes', name, 'description')),
    ]);
    const text = names.length === 0 ? 'Open to all.' : `${ways.join('; or ')}.`;
    return h(
      'div',
      { className: 'added' },
      h('h4', null, 'Authentication'),
      h('p', null, text),
      h('dl', null, ...terms),
    );
  }

  /** The request as it can be pasted. @param {MakeElement} h @param {Read} read @param {readonly string[]} operation */
  function samples(h, read, operation) {
    const all = /** @type {{ label: string, source: string }[]} */ (read(...operation, 'x-codeSamples') ?? []);
    return all.map(({ label, source }) => {
      const copy = () => void navigator.clipboard.writeText(source);
      return h(
        'div',
        { key: label, className: 'added' },
        h('h4', null, label),
        h('pre', { tabIndex: 0, className: 'sample' }, source),
        h('button', { type: 'button', className: 'copy', onClick: copy }, 'Copy'),
      );
    });
  }

  /** Adds both to each operation, and leaves out what sends requests. @param {System} system */
  function additions({ React: { createElement: h }, specSelectors }) {
    /** @type {Read} */
    const read = (...path) => {
      const value = specSelectors.specJson().getIn(path);
      return value?.toJS ? value.toJS() : value;
    };
    const nothing = () => null;
    return {
      components: {
        InfoContainer: nothing,
        ServersContainer: nothing,
        AuthorizeBtnContainer: nothing,
        authorizeOperationBtn: nothing,
        // A link inside the button that opens an operation would be one control in another; the address follows without it.
        /** @type {Component} */
        DeepLink: ({ text }) => h('span', null, text),
      },
      wrapComponents: {
        /** @param {Component} Original @returns {Component} */
        responses: (Original) => (props) => {
          const operation = ['paths', String(props['path']), String(props['method'])];
          return h('div', null, callers(h, read, operation), ...samples(h, read, operation), h(Original, props));
        },
      },
    };
  }

  /** The library's menus have no names, and its examples cannot be scrolled by keyboard. */
  function mendParts() {
    for (const text of shown.querySelectorAll('pre:not([tabindex])')) text.setAttribute('tabindex', '0');
    for (const menu of shown.querySelectorAll('select:not([aria-label])')) {
      menu.setAttribute('aria-label', menu.classList.contains('content-type') ? 'Media type' : 'Example');
    }
  }

  function follow() {
    document.documentElement.classList.toggle('dark-mode', dark.matches);
  }

  const shown = document.createElement('div');
  new MutationObserver(mendParts).observe(shown, { childList: true, subtree: true });
  follow();
  dark.addEventListener('change', follow);
  SwaggerUI({
    url: place.dataset['description'],
    domNode: shown,
    plugins: [additions],
    // A request from here could not authenticate: a browser has no key of a client.
    supportedSubmitMethods: [],
    deepLinking: true,
    // Colours for the parts of JSON cost more time than they save, and are too pale to read.
    syntaxHighlight: { activated: false },
    validatorUrl: 'none',
    defaultModelsExpandDepth: 0,
    onComplete: () => place.replaceChildren(shown),
  });
})();
