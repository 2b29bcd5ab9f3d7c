import { userMessage } from '../../../bankid-sign/user-messages.ts';
import { backchannelWays } from '../../../clients/payer-ways.ts';
import { example } from '../../../openapi/api-examples.ts';
import { PathParameter } from '../../../openapi/parameters.ts';
import { Message, ObjectMember, TextMember, WordMember } from '../../../openapi/members.ts';
import { BACKCHANNEL_ID } from '../store/backchannel-id.ts';
import { requestStates } from './request-state.ts';

/** As the returnUrl of the order carries it. */
const NONCE = /^[A-Za-z0-9_-]{43}$/;

@Message({ description: 'BankID’s message for the person, under its code' })
class PersonMessageDto {
  @TextMember()
  rfa!: string;

  @TextMember()
  sv!: string;

  @TextMember()
  en!: string;
}

@Message()
export class RequestStateDto {
  @WordMember(requestStates)
  state!: string;

  @WordMember(backchannelWays)
  way!: string;

  @ObjectMember(() => PersonMessageDto, { optional: true, description: 'Not for phone calls' })
  message?: PersonMessageDto;
}

export const exampleRequestState = {
  state: 'waiting',
  way: 'app',
  message: { rfa: 'RFA13', sv: userMessage('RFA13', 'sv'), en: userMessage('RFA13', 'en') },
} as const;

@Message()
export class LaunchDto {
  @TextMember({ format: 'uri', description: 'Opens the BankID app; good for some seconds, on the device of the app' })
  url!: string;
}

export const exampleLaunch = {
  url: 'https://app.bankid.com/?autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6',
} as const;

@Message()
export class AppReturnDto {
  @TextMember({ pattern: NONCE, description: 'The query parameter sigill_nonce of the address that BankID opened' })
  nonce!: string;
}

export const exampleReturn = { nonce: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' } as const;

/** The request in the path. */
export const RequestParameter = (): MethodDecorator =>
  PathParameter('id', 'The request', { pattern: BACKCHANNEL_ID.source }, example.backchannelId);
