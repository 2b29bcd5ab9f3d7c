import { exampleGrantedPayment, GrantedPaymentDto } from '../../consent/payment.dto.ts';
import { example } from '../../openapi/api-examples.ts';
import {
  IntegerMember,
  ListMember,
  Message,
  TextMember,
  UuidMember,
  WordMember,
  partly,
} from '../../openapi/members.ts';
import { ClientFormDto, exampleClient, FormMessage } from '../form/client-form.dto.ts';
import { CIBA } from '../oauth/grant-types.ts';
import { CODE_VERIFIER, MACHINE_SCOPE, SHA256 } from '../oauth/patterns.ts';

/** The parameters that each grant requires. */
const CONDITIONS = {
  if: partly({ grant_type: { const: 'authorization_code' } }),
  then: partly({ code: {}, redirect_uri: {}, code_verifier: { pattern: CODE_VERIFIER.source } }),
  else: {
    if: partly({ grant_type: { const: CIBA } }),
    then: partly({ auth_req_id: {} }),
    else: partly({ scope: { pattern: MACHINE_SCOPE.source } }, []),
  },
};

@FormMessage(CONDITIONS)
export class TokenFormDto extends ClientFormDto {
  @WordMember(['authorization_code', 'client_credentials', CIBA])
  grant_type!: string;

  @TextMember({ optional: true, description: 'The code from the redirect; valid for 60 s, once' })
  code?: string;

  @TextMember({ optional: true, description: 'As pushed' })
  redirect_uri?: string;

  @TextMember({ optional: true, description: 'The verifier of the pushed code_challenge (RFC 7636 §4.1)' })
  code_verifier?: string;

  @TextMember({ optional: true, description: 'Of a backchannel request (OpenID CIBA Core §10.1)' })
  auth_req_id?: string;

  @TextMember({
    optional: true,
    description: 'For a token of the client itself; by default all scopes of its role',
  })
  scope?: string;
}

export const exampleTokenRequests = {
  'With a code': {
    ...exampleClient(example.tpp),
    grant_type: 'authorization_code',
    redirect_uri: 'http://localhost:3003/callback',
    // RFC 7636, appendix B.
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    code: example.code,
  },
  'Of a backchannel request': {
    ...exampleClient(example.tpp),
    grant_type: CIBA,
    auth_req_id: example.authReqId,
  },
  'For the bank itself': {
    ...exampleClient(example.bank),
    grant_type: 'client_credentials',
    scope: 'consents consume',
  },
} as const;

@Message()
export class TokenResponseDto {
  @TextMember({ pattern: SHA256 })
  access_token!: string;

  @WordMember(['DPoP', 'Bearer'], { description: 'Bearer if bound to the client’s certificate' })
  token_type!: string;

  @IntegerMember({ description: 'Seconds: at most 300, and not beyond the consent' })
  expires_in!: number;

  @TextMember({ optional: true, description: 'For a token of the client itself, or of a login' })
  scope?: string;

  @TextMember({ optional: true, description: 'If openid was pushed; JWS, or JWE of a JWS' })
  id_token?: string;

  @UuidMember({ optional: true })
  consent_id?: string;

  @TextMember({ optional: true, pattern: SHA256 })
  evidence_digest?: string;

  @ListMember(() => GrantedPaymentDto, { optional: true, description: 'As granted (RFC 9396 §7)' })
  authorization_details?: GrantedPaymentDto[];
}

const token = { access_token: example.accessToken, token_type: 'DPoP', expires_in: 300 } as const;

export const exampleTokens = {
  'of-a-consent': {
    ...token,
    consent_id: example.consentId,
    evidence_digest: example.digest,
    authorization_details: [exampleGrantedPayment],
  },
  'of-the-client': { ...token, scope: 'consents consume' },
} as const;
