import type { InteractionContext, PageContext, UserMessage } from './facts.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { formatWait } from './format.ts';
import { layout } from './layout.ts';
import { glance, returnLink, statusLine } from './parts.ts';
import { textsOf } from './texts.ts';

/** How an interaction ended without an authorisation, as far as the payer may know. */
export type Ending =
  'declined' | 'attempts' | 'risk' | 'device' | 'policy' | 'signature' | 'expired' | 'revoked' | 'done';

/** The kinds of pages that do not belong to a payment. */
export type Refusal = 'notBound' | 'crossSite' | 'broken' | 'bankidUnavailable' | 'tooMany';

/** Signed, verified, stored: back to the TPP. */
export function authorisedPage(context: InteractionContext): Html {
  const { authorised } = textsOf(context);
  return layout(context, {
    title: authorised.title,
    view: 'authorised',
    main: html`${outcome('good', authorised)} ${glance(context)} ${returnLink(context, true)}`,
  });
}

/**
 * Ended without an authorisation. The payer reads why and then follows the link; only after declining is the browser
 * redirected.
 */
export function endedPage(context: InteractionContext, ending: Ending): Html {
  const words = textsOf(context)[ending];
  return layout(context, {
    title: words.title,
    view: ending,
    main: html`${outcome(ending === 'done' ? 'good' : 'ended', words)} ${glance(context)}
    ${returnLink(context, ending === 'declined')}`,
  });
}

/** How it ended, told apart at a glance: by shape, by colour and in words. */
function outcome(kind: 'good' | 'ended', words: { readonly title: string; readonly body: string }): Html {
  return html`<div class="outcome ${kind}">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="${kind === 'good' ? 'm5.5 12.5 4.2 4.2 8.8-9' : 'M7 12h10'}" />
    </svg>
    <h1>${words.title}</h1>
    <p class="lead">${words.body}</p>
  </div>`;
}

/** The BankID app opened another browser than the bound one; the payment continues there. */
export function otherBrowserPage(context: PageContext): Html {
  const { back } = textsOf(context);
  return layout(context, {
    title: back.title,
    view: 'back',
    main: html`<h1>${back.title}</h1>
      <p class="lead">${back.body}</p>`,
  });
}

/** What is known about a refusal besides its kind. */
export interface RefusalFacts {
  /** BankID's own message, if there is one. */
  readonly message?: UserMessage | undefined;
  /** How long to wait before trying again. */
  readonly waitSeconds?: number | undefined;
}

/** A refusal that shows nothing of any payment. */
export function refusalPage(context: PageContext, refusal: Refusal, facts: RefusalFacts = {}): Html {
  const { message, waitSeconds } = facts;
  const texts = textsOf(context);
  const words = texts[refusal];
  return layout(context, {
    title: words.title,
    view: refusal,
    main: html`<h1>${words.title}</h1>
      <p class="lead">
        ${waitSeconds === undefined ? words.body : texts.tooMany.wait(formatWait(waitSeconds, context.language))}
      </p>
      ${message && statusLine(message)}
      ${
        refusal === 'notBound'
          ? html`<p>${texts.notBound.advice}</p>`
          : html`<a class="primary button" href="${context.path}">${texts.startOver}</a>`
      }`,
  });
}
