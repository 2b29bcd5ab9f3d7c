import { html, type Html } from '../../src/kernel/web/html.ts';
import type { Texts } from './texts.ts';

/** A whole page of the pretend app. */
export function layout(texts: Texts, title: string, main: Html, script?: string): string {
  return html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – ${texts.brand}</title>
        <link rel="stylesheet" href="/style.css" />
        ${script === undefined ? undefined : html`<script src="${script}" defer></script>`}
      </head>
      <body>
        <header>
          <a class="brand" href="/"><span class="mark" aria-hidden="true">S</span> ${texts.brand}</a>
          <span class="note">${texts.simulated} · ${otherLanguage(texts)}</span>
        </header>
        <main>${main}</main>
      </body>
    </html>`.toString();
}

function otherLanguage({ language }: Texts): Html {
  return language === 'en'
    ? html`<a href="?lang=sv" lang="sv" hreflang="sv">Svenska</a>`
    : html`<a href="?lang=en" lang="en" hreflang="en">English</a>`;
}

/** @param order where the payer can go on with the order that it was about */
export function errorPage(texts: Texts, message: string, order?: string): string {
  const { error, end } = texts;
  const way =
    order === undefined
      ? html`<a class="button secondary" href="/">${end.toStart}</a>`
      : html`<a class="button secondary" href="${order}">${end.toOrder}</a>`;
  return layout(
    texts,
    error.title,
    html`<section class="card">
      <h1>${error.heading}</h1>
      <p role="alert">${message}</p>
      <p>${way}</p>
    </section>`,
  );
}
