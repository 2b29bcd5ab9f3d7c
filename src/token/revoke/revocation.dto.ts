import { example } from '../../openapi/api-examples.ts';
import { TextMember } from '../../openapi/members.ts';
import { ClientFormDto, exampleClient, FormMessage } from '../form/client-form.dto.ts';
import { SOME_TEXT } from '../oauth/patterns.ts';

@FormMessage()
export class RevocationFormDto extends ClientFormDto {
  @TextMember({ pattern: SOME_TEXT, description: 'A token of this client' })
  token!: string;
}

export const exampleRevocations = {
  'Its own token': { ...exampleClient(example.tpp), token: example.accessToken },
} as const;
