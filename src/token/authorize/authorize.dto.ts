import { example } from '../../openapi/api-examples.ts';
import { TextMember } from '../../openapi/members.ts';
import { FormMessage } from '../form/client-form.dto.ts';
import { SOME_TEXT } from '../oauth/patterns.ts';

/** In the query of a link, or as a form. */
@FormMessage()
export class AuthorizeFormDto {
  @TextMember({ pattern: SOME_TEXT, description: 'The TPP that pushed' })
  client_id!: string;

  @TextMember({ pattern: SOME_TEXT, description: 'The request_uri from the answer to the push' })
  request_uri!: string;
}

export const exampleAuthorize = { client_id: example.tpp, request_uri: example.requestUri } as const;
