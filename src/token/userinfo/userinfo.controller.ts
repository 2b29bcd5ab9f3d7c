import { applyDecorators, Controller, Get, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, accessCodes, CurrentCaller, type Caller } from '../../client-auth/access.ts';
import { Answers, Refuses } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { exampleUserinfo, UserinfoDto } from './userinfo.dto.ts';
import { UserinfoService } from './userinfo.service.ts';

const LOGIN = { roles: ['tpp', 'rp'], loginToken: true, rate: 'token' } as const;

/** Both methods answer alike (OpenID Connect Core §5.3.1). The token is in the header only (FAPI 2.0 §5.3.4). */
const AnswersUserinfo = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(UserinfoDto),
    Answers(200, {
      description: 'What the login says of the person, in the form that the client is registered for',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(UserinfoDto) }, examples: exampleUserinfo },
        'application/jwt': {
          schema: { type: 'string', description: 'JWS, or JWE of a JWS; without the number if it is not encrypted' },
          examples: { signed: example.jwt },
        },
      },
    }),
    Refuses(...accessCodes, 'request.too-many', 'login.not-found', 'service.key-missing'),
    HttpCode(200),
    Header('Cache-Control', 'no-store'),
  );

/** Who has logged in. Never to be kept by a cache. */
@ApiTags('logins')
@Controller('userinfo')
export class UserinfoController {
  constructor(private readonly userinfo: UserinfoService) {}

  @Get()
  @ApiOperation({
    operationId: 'readUserinfo',
    summary: 'What a login says of the person (OpenID Connect Core §5.3)',
    description: 'For the access token of a login, bound to a key or a certificate.',
  })
  @Access(LOGIN)
  @AnswersUserinfo()
  async read(@CurrentCaller() caller: Caller, @Res() response: Response): Promise<void> {
    const { type, body } = await this.userinfo.read(caller);
    response.setHeader('Content-Type', type).end(body);
  }

  @Post()
  @ApiOperation({
    operationId: 'postUserinfo',
    summary: 'What a login says of the person, asked by POST',
    description: 'For clients that send POST (OpenID Connect Core §5.3.1). A body is not read.',
  })
  @Access(LOGIN)
  @AnswersUserinfo()
  async readByPost(@CurrentCaller() caller: Caller, @Res() response: Response): Promise<void> {
    return this.read(caller, response);
  }
}
