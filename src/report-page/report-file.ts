import { documentStyle, stylesheet } from '../design/assets.ts';
import type { Language } from '../design/language.ts';
import { momentText } from '../design/moment.ts';
import { standaloneDocument } from '../design/standalone.ts';
import { html, type Html } from '../kernel/web/html.ts';
import { manySection, type ShownMany } from './many.ts';
import { reportSection, reportStyle, type ShownReport } from './report.ts';
import { pageWords } from './words.ts';

const css = stylesheet(documentStyle, reportStyle);

/** The report on one evidence as a page that needs nothing else: no script, no other file, no network. */
export function reportFile(shown: ShownReport, language: Language): string {
  return file(pageWords[language].reportTitle, shown.at, reportSection(shown, language), language);
}

/** The same of several evidences, or of an export: what they are together, and a line for each. */
export function manyFile(shown: ShownMany, language: Language): string {
  return file(pageWords[language].many.title, shown.at, manySection(shown, language), language);
}

function file(title: string, at: Date, content: Html, language: Language): string {
  const words = pageWords[language];
  const main = html`<h1>${title}</h1>
    <p class="fine when">${words.verifiedAt} ${momentText(at, language)}</p>
    ${content}`;
  return standaloneDocument({ language, title, view: 'report', isWide: true, main }, css);
}
