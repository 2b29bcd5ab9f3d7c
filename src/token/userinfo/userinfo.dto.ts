import { example } from '../../openapi/api-examples.ts';
import { Message, TextMember } from '../../openapi/members.ts';
import { PERSONAL_NUMBER } from '../../kernel/personal-number.ts';
import { COORDINATION_NUMBER_CLAIM, PERSONAL_NUMBER_CLAIM } from '../../login/person-claims.ts';

@Message({ description: 'What was asked for, by scope or by name (OpenID Connect Core §5.4, §5.5)' })
export class UserinfoDto {
  @TextMember({ description: 'Pairwise: the person, for this client; as in the id_token' })
  sub!: string;

  @TextMember({ optional: true, description: 'As in the certificate of the BankID' })
  name?: string;

  @TextMember({ optional: true })
  given_name?: string;

  @TextMember({ optional: true })
  family_name?: string;

  @TextMember({
    optional: true,
    pattern: /^\d{4}(?:-\d{2}-\d{2})?$/,
    description: 'Only the year where no more is known',
  })
  birthdate?: string;

  @TextMember({ optional: true, pattern: PERSONAL_NUMBER, description: 'Of a person who has a personal number' })
  [PERSONAL_NUMBER_CLAIM]?: string;

  @TextMember({ optional: true, pattern: PERSONAL_NUMBER, description: 'Of a person who has a coordination number' })
  [COORDINATION_NUMBER_CLAIM]?: string;
}

export const exampleUserinfo = {
  'of-a-person': {
    sub: example.digest,
    name: 'Anna Andersson',
    given_name: 'Anna',
    family_name: 'Andersson',
    birthdate: '1990-01-01',
    [PERSONAL_NUMBER_CLAIM]: example.personalNumber,
  },
} as const;
