import { html, type Html, type HtmlValue } from '../../src/kernel/web/html.ts';
import type { Visit } from './frame.ts';
import { masked } from './mask.ts';
import type { Exchange } from './recorder.ts';

/** More of an answer says no more to a reader. */
const LONGEST = 6000;

export interface StepContent {
  readonly title: string;
  readonly text?: HtmlValue;
  readonly exchanges: readonly Exchange[];
  /** Undefined where the same cannot be done twice. */
  readonly command?: string;
}

/** One step: what was done, the HTTP exchanges as they were sent, and the same as a command. */
export function stepPart(visit: Visit, { title, text, exchanges, command }: StepContent): Html {
  const { t } = visit;
  return html`<section class="step">
    <h2>${title}</h2>
    ${text && html`<p>${text}</p>`} ${exchanges.map((exchange) => exchangePart(visit, exchange))}
    ${
      command !== undefined &&
      html`<details class="curl">
        <summary>${t('Samma sak med curl', 'The same with curl')}</summary>
        ${commandPart(visit, command)}
      </details>`
    }
  </section>`;
}

/** Text to copy: the script adds a button, without it the text can be selected. */
export function commandPart({ t }: Visit, command: string): Html {
  return html`<pre class="command" data-copy="${t('Kopiera', 'Copy')}" data-copied="${t('Kopierat', 'Copied')}">
${command}</pre>`;
}

function exchangePart({ t }: Visit, exchange: Exchange): Html {
  const { method, url, clientId, answer } = exchange;
  return html`<details class="exchange">
    <summary>
      <code>${method} ${new URL(url).pathname}</code>
      <span class="${answer.status < 400 ? 'good' : 'bad'}">${answer.status}</span>
      <span class="note">${clientId}</span>
    </summary>
    <h3>${t('Anropet', 'The request')}</h3>
    <pre class="sent">${masked(requestText(exchange))}</pre>
    <h3>${t('Svaret', 'The answer')}</h3>
    <pre class="answered">${masked(answerText(exchange.answer, t))}</pre>
    <p class="note">
      ${t(
        'Radbrytningar i innehållet är tillagda, och personnummer visas inte hela.',
        'Line breaks in bodies are added, and personal numbers are not shown whole.',
      )}
    </p>
  </details>`;
}

function requestText({ method, url, headers, body }: Exchange): string {
  const { pathname, search, host } = new URL(url);
  return [`${method} ${pathname}${search} HTTP/1.1`, ...headerLines([['host', host], ...headers]), '', bodyText(body)]
    .join('\n')
    .trimEnd();
}

function answerText({ status, statusText, headers, body }: Exchange['answer'], t: Visit['t']): string {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const isText = /json|text|jwt/.test(type);
  const content = isText ? bodyText(body.toString()) : `(${body.length} ${t('byte', 'bytes')} ${type})`;
  const shown =
    content.length > LONGEST ? `${content.slice(0, LONGEST)}\n… (${body.length} ${t('byte', 'bytes')})` : content;
  return [`HTTP/1.1 ${status} ${statusText}`, ...headerLines(headers), '', body.length === 0 ? '' : shown]
    .join('\n')
    .trimEnd();
}

function headerLines(headers: Exchange['headers']): string[] {
  return headers.map(([name, value]) => `${name}: ${value}`);
}

function bodyText(body: string): string {
  if (!/^[{[]/.test(body)) return body.replaceAll('&', '\n&');
  return JSON.stringify(JSON.parse(body), null, 2);
}
