import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JSONWebKeySet } from 'jose';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SigningKeys } from '../../keys/signing-keys.ts';
import { ChangesNothing } from '../../http/route-declaration.ts';
import { Public } from '../../client-auth/access.ts';
import { AnswersJson, Refuses } from '../../openapi/answers.ts';
import { example } from '../../openapi/api-examples.ts';
import { exampleKeySet, KeySetDto, ServerMetadataDto } from './metadata.dto.ts';
import { serverMetadata, type ServerMetadata } from './server-metadata.ts';

const exampleAcr = {
  other: 'urn:sigill:acr:bankid-identification',
  phone: 'urn:sigill:acr:bankid-identification-phone',
} as const;
const exampleMetadata = {
  metadata: serverMetadata({
    issuer: example.issuer,
    mtls: undefined,
    signingKeys: [],
    loginAcr: exampleAcr,
  }),
};

/** What a client needs to know about this server (RFC 8414). */
@ApiTags('metadata')
@Public()
@Controller()
export class MetadataController {
  readonly #metadata: ServerMetadata;

  constructor(
    @Inject(CONFIG) config: AppConfig,
    private readonly keys: SigningKeys,
  ) {
    this.#metadata = serverMetadata(config);
  }

  @Get('.well-known/oauth-authorization-server')
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readServerMetadata',
    summary: 'Metadata of the authorization server (RFC 8414 §3)',
    description: 'Endpoints, algorithms and methods. May be cached for five minutes.',
  })
  @AnswersJson(200, 'What this server does', ServerMetadataDto, exampleMetadata)
  @Refuses()
  @Header('Cache-Control', 'public, max-age=300')
  metadata(): ServerMetadata {
    return this.#metadata;
  }

  @Get('.well-known/openid-configuration')
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readOpenIdConfiguration',
    summary: 'The same metadata where OpenID Connect Discovery §4 looks for it',
    description: 'The same members as the metadata of RFC 8414.',
  })
  @AnswersJson(200, 'What this server does', ServerMetadataDto, exampleMetadata)
  @Refuses()
  @Header('Cache-Control', 'public, max-age=300')
  configuration(): ServerMetadata {
    return this.#metadata;
  }

  @Get('jwks')
  @ChangesNothing()
  @ApiOperation({
    operationId: 'readKeys',
    summary: 'Our public signing keys (RFC 7517 §5)',
    description: 'The keys of tokens, introspection answers and verdicts; the beginning of kid says which.',
  })
  @AnswersJson(200, 'The keys', KeySetDto, { keys: exampleKeySet })
  @Refuses()
  @Header('Cache-Control', 'public, max-age=300')
  jwks(): JSONWebKeySet {
    return this.keys.jwks();
  }
}
