import { example } from '../../openapi/api-examples.ts';
import { TextMember } from '../../openapi/members.ts';
import { FormMessage } from '../form/client-form.dto.ts';

const TEXT = { min: 1, max: 65_536 };

/** In the query of a link, or as a form. */
@FormMessage()
export class AuthorizeFormDto {
  @TextMember({ length: TEXT, description: 'The TPP that pushed' })
  client_id!: string;

  @TextMember({ length: TEXT, description: 'What the push was answered' })
  request_uri!: string;
}

export const exampleAuthorize = { client_id: example.tpp, request_uri: example.requestUri } as const;
