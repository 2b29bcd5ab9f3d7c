import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { JSONWebKeySet } from 'jose';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { ChangesNothing } from '../../http/route-declaration.ts';
import { Public } from '../../client-auth/access.ts';
import { serverMetadata, type ServerMetadata } from './server-metadata.ts';
import { Describe } from '../../openapi/api-description.ts';
import { describeJwks, describeMetadata } from './describe-metadata.ts';

/** What a client needs to know of us, without asking anybody. */
@ApiTags('OAuth')
@Public()
@Controller()
export class MetadataController {
  readonly #metadata: ServerMetadata;
  readonly #keys: SigningKeys;

  constructor(@Inject(CONFIG) config: AppConfig, keys: SigningKeys) {
    this.#metadata = serverMetadata(config);
    this.#keys = keys;
  }

  /** RFC 8414 §3; OpenID Connect Discovery §4 asks for the same under its own name. */
  @Get(['.well-known/oauth-authorization-server', '.well-known/openid-configuration'])
  @ChangesNothing()
  @Describe(describeMetadata)
  @Header('Cache-Control', 'public, max-age=300')
  metadata(): ServerMetadata {
    return this.#metadata;
  }

  /** RFC 7517 §5 */
  @Get('jwks')
  @ChangesNothing()
  @Describe(describeJwks)
  @Header('Cache-Control', 'public, max-age=300')
  jwks(): JSONWebKeySet {
    return this.#keys.jwks();
  }
}
