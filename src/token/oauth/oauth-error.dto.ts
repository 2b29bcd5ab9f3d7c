import { Message, TextMember, WordMember } from '../../openapi/members.ts';
import { oauthErrorNames } from './oauth-errors.ts';

@Message({ description: 'RFC 6749 §5.2' })
export class OAuthErrorDto {
  @WordMember(oauthErrorNames)
  error!: string;

  @TextMember({ optional: true, description: 'JSON pointer of the member at fault, then a sentence' })
  error_description?: string;

  @TextMember({ format: 'uri', description: 'A page that says what happened, and what to do (RFC 6749 §5.2)' })
  error_uri!: string;
}
