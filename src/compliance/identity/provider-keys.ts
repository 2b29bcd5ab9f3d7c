import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import type { IdentityProvider } from '../../clients/clients.ts';
import { DomainError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { parseUri } from '../../kernel/web/uri.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { ProviderClient } from './provider-client.ts';

/** So long, a key that the provider has withdrawn still counts here. */
const KEYS_KEPT_MS = 5 * MINUTE_MS;
/** A key that is not among those kept makes us ask again, but no more often than this. */
const ASKED_AGAIN_AFTER_MS = 5 * SECOND_MS;

/** How providers are asked. */
export interface AskingProviders {
  readonly client: ProviderClient;
  readonly askedAgainAfterMs: number;
}

/** The keys under which the providers of banks sign, as each publishes them. */
@Injectable()
export class ProviderKeys implements OnApplicationShutdown {
  readonly #client: ProviderClient;
  readonly #askedAgainAfterMs: number;
  readonly #found = new Map<string, Promise<JWTVerifyGetKey>>();

  constructor({ client, askedAgainAfterMs }: AskingProviders) {
    this.#client = client;
    this.#askedAgainAfterMs = askedAgainAfterMs;
  }

  /** With the limits of a running service. */
  static open(): ProviderKeys {
    return new ProviderKeys({ client: new ProviderClient(), askedAgainAfterMs: ASKED_AGAIN_AFTER_MS });
  }

  /**
   * What finds the key of a token.
   * @throws DomainError `approval.provider-unavailable`, which the function that it returns throws too
   * @see OpenID Connect Discovery §4
   */
  async of({ issuer }: IdentityProvider): Promise<JWTVerifyGetKey> {
    const found = this.#found.get(issuer) ?? this.#discover(issuer);
    this.#found.set(issuer, found);
    try {
      return await found;
    } catch (error) {
      this.#found.delete(issuer);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client.close();
  }

  async #discover(issuer: string): Promise<JWTVerifyGetKey> {
    const metadata = await this.#get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    // §4.3: metadata of another issuer is not used.
    if (!isJsonObject(metadata) || metadata['issuer'] !== issuer)
      throw unavailable('its metadata names another issuer');
    const address = parseUri(metadata['jwks_uri']);
    // The registration allows http on this machine alone, and outside production.
    if (!address || address.protocol !== new URL(issuer).protocol)
      throw unavailable('its metadata has no address of keys that could be asked');
    return createRemoteJWKSet(address, {
      cacheMaxAge: KEYS_KEPT_MS,
      cooldownDuration: this.#askedAgainAfterMs,
      [customFetch]: async (url) => Response.json(await this.#get(url)),
    });
  }

  async #get(url: string): Promise<unknown> {
    try {
      return await this.#client.getJson(url);
    } catch (cause) {
      throw unavailable('it did not answer', cause);
    }
  }
}

function unavailable(why: string, cause?: unknown): DomainError {
  return new DomainError('approval.provider-unavailable', { log: `the identity provider of a bank: ${why}`, cause });
}
