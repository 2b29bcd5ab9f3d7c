import { readFileSync } from 'node:fs';
import { Assets, documentStyle, seal, stylesheet } from '../../design/assets.ts';
import { otherLanguage, pageDocument } from '../../design/document.ts';
import type { Language } from '../../design/language.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import type { Environment } from '../../kernel/environment.ts';
import { uploadLimits } from '../../evidence-files/upload.ts';
import { readingPurposes } from '../purpose.ts';
import { purposeWords } from '../purpose-words.ts';
import { reportSection, reportStyle, type ShownReport } from '../../report-page/report.ts';
import { icon } from '../../report-page/mark.ts';
import { momentText } from '../../design/moment.ts';
import { pageWords, type PageWords, type Refusal } from '../../report-page/words.ts';

const own = (file: string): URL => new URL(file, import.meta.url);

/** Script, style and seal of the page, read once at start-up. */
export const assets = new Assets('/verify/assets', {
  'verify.css': stylesheet(own('verify.css'), documentStyle, reportStyle),
  'verify.js': readFileSync(own('verify.js'), 'utf8'),
  'seal.svg': seal,
});

/** Where the form is sent. */
export const REPORT_PATH = '/verify/report';

export interface PageFacts {
  readonly environment: Environment;
  readonly language: Language;
}

/** The page for people: choose or drop a file, read the report. It works without scripts. */
export function verifyPage(facts: PageFacts): Html {
  const words = pageWords[facts.language];
  return page(
    facts,
    words.title,
    html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${form(facts, words)}`,
  );
}

/** The report, and below it the form for the next file. */
export function reportPage(facts: PageFacts, shown: ShownReport): Html {
  const words = pageWords[facts.language];
  return page(
    facts,
    words.reportTitle,
    html`<h1>${words.reportTitle}</h1>
      <p class="fine when">${words.verifiedAt} ${momentText(shown.at, facts.language)}</p>
      ${reportSection(shown, facts.language)}
      <button id="print" class="secondary" type="button" hidden>${words.print}</button>
      ${another(facts, words)}`,
  );
}

/** Why there is no report, what to do about it, and the form. @param detail what is wrong with the file, in a sentence */
export function refusalPage(facts: PageFacts, refusal: Refusal, detail: string | undefined): Html {
  const words = pageWords[facts.language];
  const [what, advice] = words.refusals[refusal];
  return page(
    facts,
    words.refusalTitle,
    html`<h1>${words.title}</h1>
      <div class="verdict open" data-refusal="${refusal}">
        ${icon('open')}
        <div>
          <h2 id="verdict" tabindex="-1">${words.refusalTitle}</h2>
          <p>${what}${detail !== undefined && html` ${detail}.`}</p>
          <p>${advice}</p>
        </div>
      </div>
      ${form(facts, words)}`,
  );
}

function page({ environment, language }: PageFacts, title: string, main: Html): Html {
  return pageDocument({
    ...{ language, title, view: 'verify', isWide: true, main },
    files: {
      stylesheets: [assets.path('verify.css')],
      scripts: [assets.path('verify.js')],
      seal: assets.path('seal.svg'),
    },
    testBanner: environment === 'production' ? undefined : pageWords[language].testBanner,
    otherLanguage: `/verify?lang=${otherLanguage(language)}`,
  });
}

function another(facts: PageFacts, words: PageWords): Html {
  return html`<section class="another">
    <h2>${words.form.another}</h2>
    ${form(facts, words)}
  </section>`;
}

/** Files and purpose. What the script says while it works stands here too, in the language of the page. */
function form({ environment, language }: PageFacts, { form: words, rootOf }: PageWords): Html {
  return html`<form
    id="verify"
    method="post"
    action="${REPORT_PATH}"
    enctype="multipart/form-data"
    data-sending="${words.sending}"
    data-checking="${words.checking}"
    data-folder="${words.folder}"
    data-limit="${uploadLimits.bodyBytes}"
    data-unreachable="${words.unreachable}"
    data-too-large="${words.tooLarge}"
  >
    <div id="drop">
      <label for="files">${words.files}</label>
      <p id="hint" class="fine">${words.hint} <span id="drop-hint" hidden>${words.dropHint}</span></p>
      <input id="files" name="files" type="file" multiple required aria-describedby="hint" />
    </div>
    <div class="why">
      <label for="purpose">${words.purpose}</label>
      <select id="purpose" name="purpose">
        ${readingPurposes.map(
          (purpose) =>
            html`<option value="${purpose}" ${purpose === 'audit' && html`selected`}>
              ${purposeWords[language][purpose]}
            </option>`,
        )}
      </select>
    </div>
    <button class="primary" type="submit">${words.submit}</button>
    <p id="progress" class="status" role="status"></p>
    <progress id="sent" max="1" value="0" hidden aria-labelledby="progress"></progress>
    <p class="fine">${words.kept} ${rootOf} <strong>${environment}</strong>.</p>
  </form>`;
}
