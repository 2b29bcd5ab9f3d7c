import { findProblemSpec, problemOf, problems, unknownProblem, type ProblemSpec } from '../../http/problems.ts';
import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { example } from '../api-examples.ts';
import { makePage } from './page.ts';
import { problemMeanings } from './problem-meanings.ts';

const retryTexts: Readonly<Record<ProblemSpec['retry'], string>> = {
  never: 'No: the same request will be refused again.',
  later: 'Yes, later: wait for the time in Retry-After.',
};

/** All problems, each with a link to its page. */
export function listPage(): Html {
  const rows = Object.entries({ ...problems, internal: unknownProblem }).map(([code, { status, title }]) => {
    const link = html`<a href="/problems/${code}"><code>${code}</code></a>`;
    return html`<tr>
      <td>${link}</td>
      <td>${status}</td>
      <td>${title}</td>
    </tr>`;
  });
  const table = html`<table>
    ${rows}
  </table>`;
  return makePage('Problems', 'problems', table);
}

/** The page of one problem. @throws DomainError `request.not-found` */
export function problemPage(code: string): Html {
  const spec = findProblemSpec(code);
  if (!spec) throw new DomainError('request.not-found');
  const { meaning, causes, remedy } = problemMeanings[code as keyof typeof problemMeanings];
  const body = html`<p>${meaning}</p>
    <h2>Usual causes</h2>
    <ul>
      ${causes.map((cause) => html`<li>${cause}</li>`)}
    </ul>
    <h2>What to do</h2>
    <p>${remedy}</p>
    <dl>
      <dt>Try the same request again?</dt>
      <dd>${retryTexts[spec.retry]}</dd>
      <dt>Code</dt>
      <dd><code>${code}</code></dd>
      <dt>HTTP status</dt>
      <dd>${spec.status}</dd>
    </dl>
    <h2>As a problem document</h2>
    <pre>${JSON.stringify(exampleOf(code), undefined, 2)}</pre>
    <p>OAuth endpoints answer in their own form, with this address as <code>error_uri</code>.</p>
    <p><a href="/problems">All problems</a></p>`;
  return makePage(spec.title, 'problem', body);
}

function exampleOf(code: string): object {
  const error = code === 'internal' ? undefined : new DomainError(code as ErrorCode);
  return problemOf(error, example.requestId, example.issuer);
}
