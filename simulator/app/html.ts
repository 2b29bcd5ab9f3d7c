/** HTML that is escaped already. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | undefined | readonly Html[];

/** Text is escaped where it is put in; only {@link Html} stands as it is. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.map((part, index) => part + render(values[index])).join('') };
}

function render(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  if ('html' in value) return value.html;
  return value.map((item) => item.html).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A whole page of the pretend app. */
export function layout(title: string, main: Html, script?: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – pretend BankID app</title>
        <link rel="stylesheet" href="/style.css" />
        ${script === undefined ? undefined : html`<script src="${script}" defer></script>`}
      </head>
      <body>
        <header>
          <a class="brand" href="/"><span class="mark" aria-hidden="true">S</span> Pretend BankID app</a>
          <span class="note">Simulator: nothing here is real</span>
        </header>
        <main>${main}</main>
      </body>
    </html>`.html;
}

export function errorPage(message: string): string {
  return layout(
    'Not possible',
    html`<section class="card">
      <h1>That did not work</h1>
      <p role="alert">${message}</p>
      <p><a class="button secondary" href="/">Back to the start</a></p>
    </section>`,
  );
}
