import { Message, TextMember, WordMember } from '../../openapi/members.ts';
import { example } from '../../openapi/api-examples.ts';

/** Describes a form. {@link Form} reads it; the checks follow its RFC and ignore unknown parameters. */
export const FormMessage = (keywords: Readonly<Record<string, unknown>> = {}): ClassDecorator =>
  Message({ additionalProperties: true, ...keywords });

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Client authentication in the form (RFC 7523 §2.2); with a certificate only client_id (RFC 8705 §2). */
export abstract class ClientFormDto {
  @TextMember({ description: 'The client' })
  client_id!: string;

  @WordMember([JWT_BEARER], { optional: true })
  client_assertion_type?: typeof JWT_BEARER;

  @TextMember({
    optional: true,
    description: 'A JWT of the client for our issuer; absent if the client authenticates by its certificate',
  })
  client_assertion?: string;
}

/** Client authentication in the examples. */
export const exampleClient = (clientId: string) => ({
  client_id: clientId,
  client_assertion_type: JWT_BEARER,
  client_assertion: example.jwt,
});
