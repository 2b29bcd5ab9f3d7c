import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { accessCodes, CurrentHolder, RequestHolder, type Holder } from '../../../client-auth/access.ts';
import { Answers, AnswersJson, header, Refuses } from '../../../openapi/answers.ts';
import { JsonBody } from '../../../openapi/json-body.ts';
import {
  AppReturnDto,
  exampleLaunch,
  exampleRequestState,
  exampleReturn,
  LaunchDto,
  RequestParameter,
  RequestStateDto,
} from './held-request.dto.ts';
import { HeldRequests } from './held-requests.ts';
import { WantedQrForm, type QrForm } from './qr-form.ts';
import type { RequestState } from './request-state.ts';

const codes = [...accessCodes, 'backchannel.not-found', 'service.key-missing'] as const;

const noStore = (): MethodDecorator => Header('Cache-Control', 'no-store');

/** A backchannel request, for those who hold the key or the certificate that it is bound to. */
@ApiTags('backchannel')
@RequestHolder()
@Controller('backchannel/:id')
export class HeldRequestsController {
  constructor(private readonly requests: HeldRequests) {}

  @Get()
  @noStore()
  @ApiOperation({
    operationId: 'getBackchannelRequest',
    summary: 'How far a request has come',
    description:
      'By the key or the certificate that the request is bound to; if it is bound to none, with a token of the client and the scope consents. Why a request ended is said at /token.',
  })
  @RequestParameter()
  @AnswersJson(200, 'Its state', RequestStateDto, { waiting: exampleRequestState })
  @Refuses(...codes, 'consent.altered')
  state(@Param('id') id: string, @CurrentHolder() holder: Holder): Promise<RequestState> {
    return this.requests.getState(id, holder);
  }

  @Get('qr')
  @noStore()
  @Header('Vary', 'Accept')
  @ApiOperation({
    operationId: 'getBackchannelQrCode',
    summary: 'The QR code of this second',
    description: 'Fetch and show a new one each second. For requests with bankid_start=qr.',
  })
  @RequestParameter()
  @Answers(200, {
    description: 'Its text, or the picture',
    content: {
      'text/plain': {
        schema: { type: 'string' },
        examples: { text: 'bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.d…' },
      },
      'image/svg+xml': {
        schema: { type: 'string' },
        examples: { picture: '<svg xmlns="http://www.w3.org/2000/svg">…' },
      },
    },
    headers: { Vary: header('The answer depends on Accept', 'Accept') },
  })
  @Refuses(...codes, 'backchannel.nothing-to-start')
  async qr(
    @Param('id') id: string,
    @CurrentHolder() holder: Holder,
    @WantedQrForm() form: QrForm,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    response.type(form);
    return this.requests.getQrCode(id, holder, form);
  }

  @Post('launch')
  @HttpCode(200)
  @noStore()
  @ApiOperation({
    operationId: 'launchBackchannelRequest',
    summary: 'The link that opens the BankID app',
    description:
      'Fetch it when the person presses the button, and open it at once. For requests with bankid_start=app.',
  })
  @RequestParameter()
  @AnswersJson(200, 'The link of now', LaunchDto, { link: exampleLaunch })
  @Refuses(...codes, 'backchannel.nothing-to-start')
  async launch(
    @Param('id') id: string,
    @CurrentHolder() holder: Holder,
    @Req() { headers }: Request,
  ): Promise<{ readonly url: string }> {
    return { url: await this.requests.getLaunchLink(id, holder, headers['user-agent'] ?? '') };
  }

  @Post('return')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'returnToBackchannelRequest',
    summary: 'The BankID app has returned to the app',
    description: 'With the nonce of the address that it opened, and with the key of the request. For bankid_start=app.',
  })
  @RequestParameter()
  @JsonBody(AppReturnDto, { 'The nonce that came back': exampleReturn })
  @Answers(204, { description: 'It is recorded' })
  @Refuses(
    ...codes,
    'request.malformed',
    'request.too-large',
    'request.unsupported-media-type',
    'backchannel.return-differs',
  )
  async return(
    @Param('id') id: string,
    @CurrentHolder() holder: Holder,
    @Body() { nonce }: AppReturnDto,
  ): Promise<void> {
    await this.requests.recordReturn(id, holder, nonce);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'cancelBackchannelRequest',
    summary: 'Takes a request back',
    description:
      'The order at BankID is cancelled. Of a payment that is not consumed, the consent is revoked, and so is a token that was fetched. A login is taken back only while it is open: one that is done is 409, and its token is revoked at /revoke.',
  })
  @RequestParameter()
  @Answers(204, { description: 'It has ended' })
  @Refuses(...codes, 'consent.not-awaiting-authorisation')
  async cancel(@Param('id') id: string, @CurrentHolder() holder: Holder): Promise<void> {
    await this.requests.cancel(id, holder);
  }
}
