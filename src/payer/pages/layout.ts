import type { Brand } from '../../design/brand.ts';
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
  const { language, environment, path, brand } = context;
  const { testBanner, footer, offline } = textsOf(context);
  const { title, view, main, refreshSeconds } = parts;
  return pageDocument({
    ...{ language, title, view, main },
    files:
      brand?.stylesheet === undefined ? files : { ...files, stylesheets: [...files.stylesheets, brand.stylesheet] },
    brand: brand && bankBrand(brand),
    mainAttributes: statusAttributes(parts, offline),
    head:
      refreshSeconds === undefined
        ? undefined
        : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>`,
    testBanner: environment === 'production' ? undefined : testBanner,
    otherLanguage: `${path}?lang=${otherLanguage(language)}`,
    footer: html`${brand && bankLinks(context, brand)}
      <p>${footer}</p>`,
  });
}

/** Whose page this is: the bank's, which the payer knows, before ours. */
function bankBrand({ name, logo }: Brand): Html {
  return html`<span class="brand"
    >${logo !== undefined && html`<img class="logo" src="${logo}" alt="" height="40" />`}<span
      ><bdi class="bank">${name}</bdi> <small>via Sigill</small></span
    ></span
  >`;
}

function bankLinks(context: PageContext, { privacyNotice, support }: Brand): Html | undefined {
  if (privacyNotice === undefined && support === undefined) return undefined;
  const texts = textsOf(context);
  return html`<p class="links">
    ${privacyNotice !== undefined && html`<a href="${privacyNotice}" rel="noreferrer">${texts.privacyNotice}</a>`}
    ${support !== undefined && html`<a href="${support}" rel="noreferrer">${texts.support}</a>`}
  </p>`;
}

function statusAttributes(parts: PageParts, offline: string): Html | undefined {
  if (parts.status === undefined) return undefined;
  return html` data-status="${parts.status.path}" data-version="${parts.status.version}" data-offline="${offline}"`;
}
