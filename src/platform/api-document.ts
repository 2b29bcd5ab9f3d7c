import { Injectable, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SOFTWARE_VERSION } from '../kernel/version.ts';
import { expandDocument } from './docs/expand-document.ts';

/** The OpenAPI 3.1 description of all routes, made from the controllers when it is first asked for. */
@Injectable()
export class ApiDocument {
  #make: (() => OpenAPIObject) | undefined;
  #made: OpenAPIObject | undefined;
  #json: Buffer | undefined;

  /** Called once by `app.ts`: only the whole application knows all routes. */
  describe(app: INestApplication, issuer: string): void {
    this.#make = () => SwaggerModule.createDocument(app, outline(issuer));
  }

  get(): OpenAPIObject {
    if (!this.#make) throw new Error('the OpenAPI document was requested before the application described its routes');
    this.#made ??= expandDocument(this.#make());
    return this.#made;
  }

  /** The document as it is sent: one buffer for all answers, so that many unread answers take no more memory than one. */
  json(): Buffer {
    return (this.#json ??= Buffer.from(JSON.stringify(this.get()), 'utf8'));
  }
}

function outline(issuer: string): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sigill')
    .setDescription(
      'PSD2 payment consents signed with BankID. OAuth endpoints authenticate clients by private_key_jwt (RFC 7523) or ' +
        'tls_client_auth (RFC 8705); the others take an access token bound to a DPoP key (RFC 9449) or to the client’s ' +
        'certificate (RFC 8705). Errors are problem documents (RFC 9457), ' +
        'those of OAuth endpoints RFC 6749 error objects.',
    )
    .setVersion(SOFTWARE_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(issuer)
    .addSecurity('dpop', {
      type: 'http',
      scheme: 'DPoP',
      description: 'Authorization: DPoP <access token>, with a proof in the header DPoP (RFC 9449 §7.1)',
    })
    .addSecurity('certificate', {
      type: 'http',
      scheme: 'bearer',
      description:
        'Authorization: Bearer <access token>, over TLS with the certificate that it is bound to (RFC 8705 §3)',
    })
    .build();
}
