import { problems } from '../http/problems.ts';
import { IntegerMember, Message, TextMember, UuidMember, WordMember } from './members.ts';

@Message({ description: 'What went wrong (RFC 9457)' })
export class ProblemDto {
  @TextMember({ format: 'uri', description: 'The URL of a page about this kind of problem' })
  type!: string;

  @TextMember({ description: 'The kind of problem in a few words' })
  title!: string;

  @IntegerMember({ description: 'The HTTP status' })
  status!: number;

  @WordMember([...Object.keys(problems), 'internal'])
  code!: string;

  @UuidMember({ description: 'As in X-Request-Id' })
  requestId!: string;

  @TextMember({ optional: true, description: 'What is wrong with this request' })
  detail?: string;

  @TextMember({ optional: true, description: 'JSON pointer to the member at fault (RFC 6901)' })
  pointer?: string;

  @TextMember({ optional: true, description: 'The state of the consent or of the export, if it is the reason' })
  state?: string;

  @TextMember({ optional: true, description: 'Where the person who orders logs in' })
  issuer?: string;

  @TextMember({ optional: true, description: 'For which client that login is' })
  clientId?: string;

  @TextMember({ optional: true, description: 'The nonce of that login' })
  nonce?: string;

  @TextMember({ optional: true, description: 'BankID’s code for the situation' })
  messageCode?: string;
}
