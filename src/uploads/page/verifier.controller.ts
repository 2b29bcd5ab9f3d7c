import { Controller, Get, Header, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { JSONWebKeySet } from 'jose';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { ChangesNothing, OpenToAll } from '../../http/route-declaration.ts';
import { answerVerdict } from '../incoming-upload.ts';
import type { ReadingPurpose } from '../purpose.ts';
import { StatedPurpose } from '../stated-purpose.ts';
import { Verdicts } from '../verdicts.ts';
import { VERIFY_PAGE, type VerifyPageOptions } from './options.ts';
import { SameSiteGuard } from './same-site.guard.ts';

/** The routes of `sigill serve-verifier` besides its page: verification for programs, the keys of its verdicts, and liveness. */
@OpenToAll()
@Controller()
export class VerifierController {
  constructor(
    private readonly verdicts: Verdicts,
    private readonly keys: SigningKeys,
    @Inject(VERIFY_PAGE) private readonly options: VerifyPageOptions,
  ) {}

  @Post('evidence/verify')
  @HttpCode(200)
  @UseGuards(SameSiteGuard)
  verify(@Req() request: Request, @Res() response: Response, @StatedPurpose() purpose: ReadingPurpose): Promise<void> {
    return answerVerdict(this.verdicts, request, response, { caller: this.options.callerOf(request), purpose });
  }

  /** RFC 7517 §5 */
  @Get('jwks')
  @ChangesNothing()
  @Header('Content-Type', 'application/jwk-set+json')
  jwks(): JSONWebKeySet {
    return this.keys.jwks();
  }

  @Get('health/live')
  @ChangesNothing()
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }
}
