import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiOperation } from '@nestjs/swagger';

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. One with a `title` becomes a component of that name. */
export type Schema = Readonly<Record<string, unknown>>;

export interface ParameterDescription {
  readonly description: string;
  readonly schema: Schema;
  readonly optional?: true;
}

export interface AnswerDescription {
  readonly description: string;
  /** By media type; without it the answer has no body. */
  readonly content?: Readonly<Record<string, Schema>>;
  /** By name, what the header says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Who sends an example: `anybody` without credentials, the payer's browser, or a client of the sandbox, whose access tokens are
 * its own but for `tppWithToken`, which shows the token of a consent.
 */
export type Sender = 'anybody' | 'payer' | 'tpp' | 'tppWithToken' | 'signingTpp' | 'bank' | 'otherBank' | 'auditor';

/**
 * A request that the API's test sends as it stands, but for values in double braces: those live only while a payment does.
 * {@link placeholders} names them all.
 */
export interface ExampleRequest {
  readonly summary: string;
  readonly by: Sender;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** The media type of the body; by default the first that the route accepts. */
  readonly type?: string;
  readonly body?: unknown;
  /** The media type of Accept; by default the one that the route prefers. */
  readonly accept?: string;
  readonly status: number;
}

/** All that the API's document says of a route beyond its address. */
export interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  readonly path?: Readonly<Record<string, ParameterDescription>>;
  readonly query?: Readonly<Record<string, ParameterDescription>>;
  readonly headers?: Readonly<Record<string, ParameterDescription>>;
  readonly cookies?: Readonly<Record<string, ParameterDescription>>;
  /** By media type. */
  readonly body?: Readonly<Record<string, Schema>>;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  readonly examples: Readonly<Record<string, ExampleRequest>>;
}

/** Under which extension a description waits in the document until it is expanded. */
export const DESCRIPTION = 'x-description';

/** Describes a route. The lint of the document finds a route without. */
export function Describe(description: RouteDescription): MethodDecorator {
  const { summary } = description;
  return applyDecorators(
    ApiOperation({
      summary,
      ...(description.description === undefined ? {} : { description: description.description }),
    }),
    ApiExtension(DESCRIPTION, description),
  );
}

/** What stands in double braces in examples. */
export const placeholders: Readonly<Record<string, string>> = {
  client_assertion: 'A client assertion of the sender, made for this request (RFC 7523 §2.2)',
  request_object: 'A signed request object of the sender (RFC 9101 §4)',
  dpop_proof: 'A DPoP proof of the sender, made for this request (RFC 9449 §4.2)',
  request_uri: 'Of a request pushed a moment ago',
  interaction: 'Names a payment whose payer has signed, in the address of its page',
  browser_cookie: 'What the browser that began that payment keeps',
  code: 'A code that the browser has just brought, for the code_verifier of the example',
  access_token: 'The live access token of a consent',
  access_token_sha256: 'The SHA-256 of that token, base64url',
  consent_id: 'Of that consent',
  pushed_consent_id: 'Of a consent that has not been signed yet',
  consumed_consent_id: 'Of a consent that was consumed, with nothing reported yet',
  personal_number: 'Of the payer who signed it',
  evidence_id: 'Of the evidence of that consent',
  evidence_zip: 'The ZIP of that evidence’s folder, as bytes',
  bankid_signature: '`completionData.signature` of BankID, base64',
  bankid_ocsp_response: '`completionData.ocspResponse` of BankID, base64',
};
