import { html, type Html } from '../../src/kernel/web/html.ts';

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
    </html>`.toString();
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
