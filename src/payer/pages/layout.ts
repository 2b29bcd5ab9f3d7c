import { otherLanguage, pageDocument } from '../../design/document.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { assets } from '../assets/assets.ts';
import type { PageContext } from './facts.ts';
import { textsOf } from './texts.ts';

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

const files = {
  stylesheets: [assets.path('payer.css')],
  scripts: [assets.path('payer.js')],
  seal: assets.path('seal.svg'),
};

/** The whole document around one page. */
export function layout(context: PageContext, parts: PageParts): Html {
  const { language, environment, path } = context;
  const { testBanner, footer, offline } = textsOf(context);
  const { title, view, main, refreshSeconds } = parts;
  return pageDocument({
    ...{ language, title, view, files, main },
    mainAttributes: statusAttributes(parts, offline),
    head:
      refreshSeconds === undefined
        ? undefined
        : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>`,
    testBanner: environment === 'production' ? undefined : testBanner,
    otherLanguage: `${path}?lang=${otherLanguage(language)}`,
    footer: html`<p>${footer}</p>`,
  });
}

function statusAttributes(parts: PageParts, offline: string): Html | undefined {
  if (parts.status === undefined) return undefined;
  return html` data-status="${parts.status.path}" data-version="${parts.status.version}" data-offline="${offline}"`;
}
