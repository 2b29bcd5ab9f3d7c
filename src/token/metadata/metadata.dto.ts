import {
  BooleanMember,
  ListMember,
  Message,
  ObjectMember,
  TextMember,
  TextsMember,
  WordMember,
} from '../../openapi/members.ts';

const Url = (): PropertyDecorator => TextMember({ format: 'uri' });

@Message({ description: 'Endpoints for calls with a client certificate (RFC 8705 §5)' })
class EndpointsDto {
  @Url() pushed_authorization_request_endpoint!: string;
  @Url() token_endpoint!: string;
  @Url() introspection_endpoint!: string;
  @Url() revocation_endpoint!: string;
  @Url() backchannel_authentication_endpoint!: string;
  @Url() userinfo_endpoint!: string;
}

@Message({ description: 'RFC 8414 §2' })
export class ServerMetadataDto extends EndpointsDto {
  @Url() issuer!: string;
  @Url() authorization_endpoint!: string;
  @Url() jwks_uri!: string;
  @TextsMember() response_types_supported!: string[];
  @TextsMember() response_modes_supported!: string[];
  @TextsMember() grant_types_supported!: string[];
  @TextsMember() scopes_supported!: string[];
  @TextsMember() token_endpoint_auth_methods_supported!: string[];
  @TextsMember() token_endpoint_auth_signing_alg_values_supported!: string[];
  @TextsMember() introspection_endpoint_auth_methods_supported!: string[];
  @TextsMember() introspection_endpoint_auth_signing_alg_values_supported!: string[];
  @TextsMember() revocation_endpoint_auth_methods_supported!: string[];
  @TextsMember() revocation_endpoint_auth_signing_alg_values_supported!: string[];
  @TextsMember() code_challenge_methods_supported!: string[];
  @TextsMember() request_object_signing_alg_values_supported!: string[];
  @TextsMember() authorization_details_types_supported!: string[];
  @TextsMember() dpop_signing_alg_values_supported!: string[];
  @TextsMember() introspection_signing_alg_values_supported!: string[];
  @TextsMember() introspection_encryption_alg_values_supported!: string[];
  @TextsMember() introspection_encryption_enc_values_supported!: string[];
  @TextsMember() subject_types_supported!: string[];
  @TextsMember() id_token_signing_alg_values_supported!: string[];
  @TextsMember() id_token_encryption_alg_values_supported!: string[];
  @TextsMember() id_token_encryption_enc_values_supported!: string[];
  @TextsMember() userinfo_signing_alg_values_supported!: string[];
  @TextsMember() userinfo_encryption_alg_values_supported!: string[];
  @TextsMember() userinfo_encryption_enc_values_supported!: string[];
  @TextsMember() acr_values_supported!: string[];
  @TextsMember() claims_supported!: string[];
  @BooleanMember({}, true) claims_parameter_supported!: true;
  @TextsMember() ui_locales_supported!: string[];
  @BooleanMember({}, true) require_pushed_authorization_requests!: true;
  @BooleanMember() request_parameter_supported!: boolean;
  @BooleanMember() request_uri_parameter_supported!: boolean;
  @TextsMember({}, ['poll', 'ping']) backchannel_token_delivery_modes_supported!: string[];
  @TextsMember() backchannel_authentication_request_signing_alg_values_supported!: string[];
  @BooleanMember() backchannel_user_code_parameter_supported!: boolean;
  @BooleanMember({}, true) authorization_response_iss_parameter_supported!: true;
  @BooleanMember({ optional: true }) tls_client_certificate_bound_access_tokens?: boolean;
  @ObjectMember(() => EndpointsDto, { optional: true }) mtls_endpoint_aliases?: EndpointsDto;
}

@Message()
class PublicKeyDto {
  @WordMember(['EC', 'RSA', 'OKP'])
  kty!: string;

  @TextMember({ optional: true, description: 'Of EC and OKP' })
  crv?: string;

  @TextMember({ optional: true, description: 'Of EC and OKP' })
  x?: string;

  @TextMember({ optional: true, description: 'Of EC' })
  y?: string;

  @TextMember({ optional: true, description: 'Of RSA' })
  n?: string;

  @TextMember({ optional: true, description: 'Of RSA' })
  e?: string;

  @TextMember({ description: 'Identifies the key; its beginning says what it signs' })
  kid!: string;

  @WordMember(['ES256', 'PS256', 'EdDSA', 'Ed25519'])
  alg!: string;

  @WordMember(['sig'])
  use!: 'sig';
}

@Message()
export class KeySetDto {
  @ListMember(() => PublicKeyDto)
  keys!: PublicKeyDto[];
}

/** The key of RFC 7517, appendix A.1. */
export const exampleKeySet = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
      kid: 'tokens-2026',
      alg: 'ES256',
      use: 'sig',
    },
  ],
} as const;
