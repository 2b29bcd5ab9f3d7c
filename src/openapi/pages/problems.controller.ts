import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { DomainError } from '../../kernel/errors.ts';
import { html } from '../../kernel/web/html.ts';
import { AnswersPage, Refuses } from '../answers.ts';
import { PathParameter } from '../parameters.ts';
import { findProblemSpec, problems, unknownProblem, type ProblemSpec } from '../../http/problems.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { problemMeanings } from './problem-meanings.ts';
import { makePage, sendPage } from './page.ts';

const retryTexts: Readonly<Record<ProblemSpec['retry'], string>> = {
  never: 'No: the same request will be refused again.',
  later: 'Yes, later: wait for the time in Retry-After.',
};

/** Where the `type` of a problem document leads (RFC 9457 §3.1.1: it should be readable by people). */
@ApiTags('documentation')
@UnderLoad('first')
@Controller('problems')
@OpenToAll()
export class ProblemsController {
  @Get()
  @ChangesNothing()
  @ApiOperation({
    operationId: 'listProblems',
    summary: 'All problems that this service reports',
    description: 'A page. The type of a problem document is the URL of its page.',
  })
  @AnswersPage(200, 'All kinds')
  @Refuses()
  list(@Res() response: Response): void {
    const rows = Object.entries({ ...problems, internal: unknownProblem }).map(([code, { status, title }]) => {
      const link = html`<a href="/problems/${code}"><code>${code}</code></a>`;
      return html`<tr>
        <td>${link}</td>
        <td>${status}</td>
        <td>${title}</td>
      </tr>`;
    });
    sendPage(
      response,
      makePage(
        'Problems',
        'problems',
        html`<table>
          ${rows}
        </table>`,
      ),
    );
  }

  @Get(':code')
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readProblem',
    summary: 'The meaning of one problem',
    description: 'A page: what happened, and whether the same request may succeed later.',
  })
  @PathParameter('code', 'As in the problem document', {}, 'consent.not-found')
  @AnswersPage(200, 'Its status, and whether to try again')
  @Refuses('request.not-found')
  show(@Param('code') code: string, @Res() response: Response): void {
    const { status, title, retry, meaning } = getProblem(code);
    const body = html`<p>${meaning}</p>
      <dl>
        <dt>Code</dt>
        <dd><code>${code}</code></dd>
        <dt>HTTP status</dt>
        <dd>${status}</dd>
        <dt>Retry?</dt>
        <dd>${retryTexts[retry]}</dd>
      </dl>
      <p><a href="/problems">All problems</a></p>`;
    sendPage(response, makePage(title, 'problem', body));
  }
}

function getProblem(code: string): ProblemSpec & { readonly meaning: string } {
  const spec = findProblemSpec(code);
  if (!spec) throw new DomainError('request.not-found');
  return { ...spec, meaning: problemMeanings[code as keyof typeof problemMeanings] };
}
