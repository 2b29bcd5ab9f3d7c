import { Injectable, type INestApplication } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { apiOutline, inOrderOfTags } from './document/api-outline.ts';
import { withCurlSamples } from './document/curl-samples.ts';

/** The OpenAPI 3.1 description of all routes, generated from the controllers when it is first needed. */
@Injectable()
export class ApiDocument {
  #make: (() => OpenAPIObject) | undefined;
  #made: OpenAPIObject | undefined;
  #json: Buffer | undefined;

  /** Called once by `app.ts`: only the whole application knows all routes. */
  describe(app: INestApplication, issuer: string): void {
    this.#make = () => describeRoutes(app, issuer);
  }

  get(): OpenAPIObject {
    if (!this.#make) throw new Error('the OpenAPI document was requested before the application described its routes');
    this.#made ??= this.#make();
    return this.#made;
  }

  /** The document as it is sent: one buffer for all answers, so many unread answers take no more memory than one. */
  json(): Buffer {
    return (this.#json ??= Buffer.from(JSON.stringify(this.get()), 'utf8'));
  }
}

/** The document of an application, which need not be started. */
export function describeRoutes(app: INestApplication, issuer: string): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, apiOutline(issuer));
  return { ...document, paths: withCurlSamples(inOrderOfTags(document.paths), issuer) };
}
