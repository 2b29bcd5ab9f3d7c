import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { AnswersPage, Refuses } from '../answers.ts';
import { PathParameter } from '../parameters.ts';
import { ChangesNothing, OpenToAll, UnderLoad } from '../../http/route-declaration.ts';
import { sendPage } from './page.ts';
import { listPage, problemPage } from './problem-page.ts';

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
    sendPage(response, listPage());
  }

  @Get(':code')
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readProblem',
    summary: 'The meaning of one problem',
    description:
      'A page: what happened, its usual causes, what to do, whether the same request may succeed later, and an answer.',
  })
  @PathParameter('code', 'As in the problem document', {}, 'consent.not-found')
  @AnswersPage(200, 'Its status, and whether to try again')
  @Refuses('request.not-found')
  show(@Param('code') code: string, @Res() response: Response): void {
    sendPage(response, problemPage(code));
  }
}
