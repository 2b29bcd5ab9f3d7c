import { assetPath } from '../assets/assets.ts';
import type { PageContext } from './facts.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { type Language, textsOf } from './texts.ts';

export interface PageParts {
  readonly title: string;
  /** What kind of page this is, for tests and support. */
  readonly view: string;
  readonly main: Html;
  /** What the script polls, and the version it compares with: it loads the page again when they differ. */
  readonly status?: { readonly path: string; readonly version: string };
  /** Seconds until a browser without scripts loads the page again. */
  readonly refreshSeconds?: number;
}

/** The whole document around one page. */
export function layout(context: PageContext, parts: PageParts): Html {
  const { language } = context;
  const texts = textsOf(context);
  const other: Language = language === 'sv' ? 'en' : 'sv';
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <title>${parts.title} – Sigill</title>
        <link rel="icon" type="image/svg+xml" href="${assetPath('seal.svg')}" />
        <link rel="stylesheet" href="${assetPath('payer.css')}" />
        <script src="${assetPath('payer.js')}" defer></script>
        ${parts.refreshSeconds !== undefined && html`<noscript><meta http-equiv="refresh" content="${parts.refreshSeconds}" /></noscript>`}
      </head>
      <body>
        <a class="skip" href="#content">${texts.skipToContent}</a>
        ${context.environment !== 'production' && html`<p class="test-banner" role="note">${texts.testBanner}</p>`}
        <header class="top">
          <span class="brand"><img src="${assetPath('seal.svg')}" alt="" width="36" height="36" />Sigill</span>
          <a class="language" href="${context.path}?lang=${other}" hreflang="${other}" lang="${other}"
            >${texts.switchLanguage}</a
          >
        </header>
        <main id="content" class="card" data-view="${parts.view}" ${statusAttributes(parts, texts.offline)}>
          ${parts.main}
        </main>
        <footer class="foot"><p>${texts.footer}</p></footer>
      </body>
    </html> `;
}

function statusAttributes(parts: PageParts, offline: string): Html | undefined {
  if (parts.status === undefined) return undefined;
  return html` data-status="${parts.status.path}" data-version="${parts.status.version}" data-offline="${offline}"`;
}
