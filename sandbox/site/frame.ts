import { languages, type Language } from '../../src/design/language.ts';
import { html, type Html, type HtmlValue } from '../../src/kernel/web/html.ts';

/** One visit to a page of the sandbox. */
export interface Visit {
  readonly url: URL;
  readonly language: Language;
  /** The text in the visitor's language. */
  readonly t: <T>(swedish: T, english: T) => T;
}

/** Whose part the visitor takes; each has a colour. */
export type Room = 'front' | 'shop' | 'bank' | 'auditor' | 'operator';

export interface PageContent {
  readonly room: Room;
  readonly title: string;
  /** The name of the company whose page it is. */
  readonly name: string;
  readonly main: HtmlValue;
}

const names: Readonly<Record<Language, string>> = { sv: 'Svenska', en: 'English' };

/** The frame of all pages: whose it is, the four doors, and the language. */
export function page(visit: Visit, { room, title, name, main }: PageContent): Html {
  const { t, language } = visit;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – ${name}</title>
        <link rel="icon" href="/pictures/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/site.css" />
        <script src="/copy.js" defer></script>
      </head>
      <body class="${room}">
        <header>
          <div class="band">
            <p class="name">${name} <span class="tag">${t('sandlåda', 'sandbox')}</span></p>
            ${languageLink(visit)}
          </div>
          <nav aria-label="${t('Dörrar', 'Doors')}">${doors(visit).map((door) => doorLink(door, room))}</nav>
        </header>
        <main>
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html>`;
}

interface Door {
  readonly room: Room;
  readonly href: string;
  readonly label: string;
}

function doors({ t }: Visit): readonly Door[] {
  return [
    { room: 'front', href: '/', label: 'Start' },
    { room: 'shop', href: '/shop', label: t('Butiken', 'Shop') },
    { room: 'bank', href: '/bank', label: t('Banken', 'Bank') },
    { room: 'auditor', href: '/auditor', label: t('Revisorn', 'Auditor') },
    { room: 'operator', href: '/operator', label: t('Driften', 'Operator') },
  ];
}

function doorLink({ room, href, label }: Door, here: Room): Html {
  return room === here
    ? html`<a href="${href}" aria-current="true">${label}</a>`
    : html`<a href="${href}">${label}</a>`;
}

function languageLink({ url, language }: Visit): Html {
  const other = languages.find((one) => one !== language) ?? language;
  const target = new URLSearchParams(url.searchParams);
  target.set('lang', other);
  return html`<a class="language" href="${url.pathname}?${target.toString()}" lang="${other}" hreflang="${other}"
    >${names[other]}</a
  >`;
}

/** A page with one message and the way on. */
export function messagePage(visit: Visit, title: string, text: HtmlValue): Html {
  const way = html`<p><a href="/">${visit.t('Till början', 'To the start')}</a></p>`;
  return page(visit, {
    room: 'front',
    title,
    name: 'Sigill',
    main: html`<section>
      <p>${text}</p>
      ${way}
    </section>`,
  });
}

/** Names and values, one under the other on a phone. */
export function facts(rows: readonly (readonly [string, HtmlValue])[]): Html {
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** As people read an amount; its parts are never on two lines. */
export function amountText(
  { language }: Visit,
  { currency, amount }: { readonly currency: string; readonly amount: string },
): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const [group, point] = language === 'sv' ? ['\u00a0', ','] : [',', '.'];
  return `${whole.replaceAll(/\d(?=(?:\d{3})+$)/g, `$&${group}`)}${point}${fraction}\u00a0${currency}`;
}
