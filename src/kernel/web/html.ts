const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup, made only by {@link html}: every other value in a template is text, and is escaped. */
export class Html {
  readonly #markup: string;

  constructor(strings: TemplateStringsArray, values: readonly HtmlValue[]) {
    this.#markup = strings.reduce((markup, part, index) => markup + render(values[index - 1]) + part);
  }

  toString(): string {
    return this.#markup;
  }
}

/** `undefined` and `false` render nothing, so that a part can be left out by a condition. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * A tagged template that escapes every value for element content and for quoted attributes. There is no way to mark a
 * string as safe. Attributes must be quoted, and a value must not be placed in a script, a style or an event handler, which the
 * Content-Security-Policy would block in any case.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings, values);
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}
