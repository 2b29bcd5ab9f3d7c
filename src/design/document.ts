import { html, type Html } from '../kernel/web/html.ts';
import type { Language } from './language.ts';

/** What a page is made of, inside the frame that all pages share. */
export interface DocumentParts {
  readonly language: Language;
  readonly title: string;
  /** What kind of page this is, for tests and support. */
  readonly view: string;
  readonly files: PageFiles;
  readonly main: Html;
  /** Further attributes of `main`. */
  readonly mainAttributes?: Html | undefined;
  /** Further elements of the head. */
  readonly head?: Html | undefined;
  /** Who stands at the top of the page; the product itself if it is not said. */
  readonly brand?: Html | undefined;
  /** Says that this is a test, where it is one. */
  readonly testBanner?: string | undefined;
  /** Leads to the same page in the other language, if there is one. */
  readonly otherLanguage?: string | undefined;
  readonly footer?: Html | undefined;
  /** A page for reading and tables, not a card in the middle. */
  readonly isWide?: boolean;
}

/** Paths of what a page loads. */
export interface PageFiles {
  readonly stylesheets: readonly string[];
  readonly seal: string;
  readonly scripts?: readonly string[];
}

const words: Readonly<Record<Language, { readonly skip: string; readonly other: string }>> = {
  sv: { skip: 'Till innehållet', other: 'In English' },
  en: { skip: 'Skip to content', other: 'På svenska' },
};

/** The language that {@link DocumentParts.otherLanguage} leads to. */
export function otherLanguage(language: Language): Language {
  return language === 'sv' ? 'en' : 'sv';
}

/** The whole document: everything that a person sees is inside a landmark, and the first link leads past the top. */
export function pageDocument(parts: DocumentParts): Html {
  const { language, files, view, mainAttributes } = parts;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <title>${parts.title} – Sigill</title>
        <link rel="icon" type="image/svg+xml" href="${files.seal}" />
        ${files.stylesheets.map((path) => html`<link rel="stylesheet" href="${path}" />`)}
        ${files.scripts?.map((path) => html`<script src="${path}" defer></script>`)} ${parts.head}
      </head>
      <body ${parts.isWide && html` class="wide"`}>
        <a class="skip" href="#content">${words[language].skip}</a>
        <header>${banner(parts)}${top(parts)}</header>
        <main id="content" class="card" data-view="${view}" ${mainAttributes}>${parts.main}</main>
        ${parts.footer && html`<footer class="foot">${parts.footer}</footer>`}
      </body>
    </html> `;
}

function banner({ testBanner }: DocumentParts): Html | undefined {
  return testBanner === undefined ? undefined : html`<p class="test-banner">${testBanner}</p>`;
}

function top({ language, brand, files, otherLanguage: href }: DocumentParts): Html {
  const other = otherLanguage(language);
  return html`<div class="top">
    ${brand ?? productBrand(files.seal)}
    ${href !== undefined && html`<a class="language" href="${href}" hreflang="${other}" lang="${other}">${words[language].other}</a>`}
  </div>`;
}

function productBrand(seal: string): Html {
  return html`<span class="brand"><img src="${seal}" alt="" width="36" height="36" /><span>Sigill</span></span>`;
}
