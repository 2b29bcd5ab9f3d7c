import { All, Controller, Header, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DomainError } from '../../kernel/errors.ts';
import { Public } from '../../tpp/access.ts';
import { OAuthErrorFilter } from './oauth-error.filter.ts';

/** What takes forms, by POST only. */
const formEndpoints = ['par', 'token', 'introspect', 'revoke'];

/** Stands behind the endpoints that take POST only, and answers the other methods (RFC 9126 §2.3). */
@ApiExcludeController()
@Public()
@UseFilters(OAuthErrorFilter)
@Controller()
export class MethodNotAllowedController {
  @All(formEndpoints)
  @Header('Allow', 'POST')
  refuse(): never {
    throw new DomainError('request.method-not-allowed');
  }
}
