import * as oauth from 'openid-client';
import { Agent, fetch as undiciFetch, Response as UndiciResponse } from 'undici';
import type { AuditorConfig } from '../../config/config.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { checkCertificate, importClientKey } from './client-key.ts';
import { refusal, refusalOf, Unreachable, type Refused } from './failures.ts';

/** Longer than the service lets a client wait, and than a pause within an answer. */
const SILENCE_MS = 60 * SECOND_MS;
const CONNECT_MS = 10 * SECOND_MS;
/** More than the largest bundle. A result of an export has no limit but the size that its order says. */
const MAX_ANSWER = 16 * 1_048_576;
/** A token that is older by that much of its life is not used any more. */
const SPARE_MS = 10 * SECOND_MS;

/** A request to a resource of the service. */
export interface ServiceRequest {
  readonly scope: 'exports' | 'evidence';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The option that a member of the body came from, for what the service says of it. */
  readonly optionOf?: (member: string) => string | undefined;
}

interface Token {
  readonly value: string;
  readonly until: number;
}

/**
 * A registered client of the service, by openid-client: it authenticates by private_key_jwt or by its certificate, and its tokens are
 * bound to a DPoP key that lives in this process alone. Nothing of it is written anywhere.
 */
export class ServiceClient {
  readonly issuer: string;
  readonly #config: oauth.Configuration;
  readonly #dpop: oauth.DPoPHandle;
  readonly #agent: Agent;
  readonly #tokens = new Map<string, Token>();

  private constructor(config: oauth.Configuration, dpop: oauth.DPoPHandle, agent: Agent, issuer: string) {
    this.#config = config;
    this.#dpop = dpop;
    this.#agent = agent;
    this.issuer = issuer;
  }

  /** @throws CommandFailure: a key that is none, a service that does not answer or is none */
  static async connect({ issuer, clientId, key, certificate }: AuditorConfig): Promise<ServiceClient> {
    if (certificate !== undefined) checkCertificate(certificate, key.reveal());
    const authentication =
      certificate === undefined ? oauth.PrivateKeyJwt(importClientKey(key.reveal())) : oauth.TlsClientAuth();
    const pair = certificate === undefined ? {} : { cert: certificate, key: key.reveal() };
    const agent = new Agent({
      connect: { timeout: CONNECT_MS, ...pair },
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
    const metadata = { use_mtls_endpoint_aliases: certificate !== undefined };
    const config = await asked(issuer, () =>
      oauth.discovery(new URL(issuer), clientId, metadata, authentication, {
        algorithm: 'oauth2',
        [oauth.customFetch]: fetchBy(agent),
        // The configuration allows http on loopback alone.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- openid-client marks it deprecated to make it stand out
        execute: issuer.startsWith('http:') ? [oauth.allowInsecureRequests] : [],
      }),
    );
    // It would end a download that takes longer; the agent notices one that stands still.
    config.timeout = 0;
    const dpop = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));
    return new ServiceClient(config, dpop, agent, issuer);
  }

  /**
   * The answer to a request, which its caller reads or cancels.
   * @throws Refused for a problem, Unreachable
   */
  async send(request: ServiceRequest): Promise<Response> {
    const response = await this.#try(request);
    if (response.ok) return response;
    throw await refusalOf(response, request.optionOf);
  }

  /** The same for a JSON answer. @throws Refused, Unreachable */
  async sendForJson(request: ServiceRequest): Promise<unknown> {
    const response = await this.send(request);
    return asked(this.issuer, () => response.json());
  }

  /** The same for any other. @throws Refused, Unreachable */
  async sendForBytes(request: ServiceRequest): Promise<Buffer> {
    const response = await this.send(request);
    return asked(this.issuer, async () => Buffer.from(await response.arrayBuffer()));
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #try(request: ServiceRequest): Promise<Response> {
    try {
      return await this.#request(request);
    } catch (error) {
      if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
      // It may have been revoked, or our clock be wrong about its end: a new one tells.
      if (!this.#tokens.delete(request.scope)) return error.response;
    }
    try {
      return await this.#request(request);
    } catch (error) {
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response;
      throw error;
    }
  }

  async #request({ scope, method, path, headers, body }: ServiceRequest): Promise<Response> {
    const token = await this.#token(scope);
    const sent = new Headers(headers);
    if (body !== undefined) sent.set('content-type', 'application/json');
    const text = body === undefined ? undefined : JSON.stringify(body);
    const url = new URL(path, this.issuer);
    return asked(this.issuer, () =>
      oauth.fetchProtectedResource(this.#config, token, url, method, text, sent, { DPoP: this.#dpop }),
    );
  }

  async #token(scope: string): Promise<string> {
    const kept = this.#tokens.get(scope);
    if (kept && performance.now() < kept.until) return kept.value;
    const begun = performance.now();
    const answer = await this.#grant(scope);
    const lifetimeMs = (answer.expires_in ?? 0) * SECOND_MS;
    this.#tokens.set(scope, { value: answer.access_token, until: begun + lifetimeMs - SPARE_MS });
    return answer.access_token;
  }

  async #grant(scope: string): Promise<oauth.TokenEndpointResponse> {
    try {
      return await asked(this.issuer, () =>
        oauth.clientCredentialsGrant(this.#config, { scope }, { DPoP: this.#dpop }),
      );
    } catch (error) {
      throw error instanceof oauth.WWWAuthenticateChallengeError ? await refusalOf(error.response) : error;
    }
  }
}

/** Node's own fetch takes no agent of another version of undici. */
function fetchBy(dispatcher: Agent): oauth.CustomFetch {
  return async (url, options) => {
    const answer = await undiciFetch(url, { ...options, dispatcher } as object);
    const limited: unknown = new URL(url).pathname.endsWith('/content') ? answer : withLimit(answer);
    return limited as Response;
  };
}

/** An answer without an end would fill the memory of its reader, also one that is small until it is unpacked. */
function withLimit(answer: UndiciResponse): UndiciResponse {
  const { body, status, statusText, headers } = answer;
  if (body === null) return answer;
  let length = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      length += chunk.length;
      if (length > MAX_ANSWER) controller.error(new Error('its answer is too long'));
      else controller.enqueue(chunk);
    },
  });
  return new UndiciResponse(body.pipeThrough(limit), { status, statusText, headers });
}

/**
 * Asks, and says what became of it in our words.
 * @throws Refused for what an OAuth endpoint says, Unreachable for no answer, and a resource's challenge as it is
 */
async function asked<T>(issuer: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) throw error;
    if (error instanceof oauth.ResponseBodyError) throw tokenRefusal(error);
    const { cause } = error as { readonly cause?: unknown };
    if (cause instanceof UndiciResponse) throw refusal({ status: cause.status, headers: cause.headers, body: {} });
    // Without a cause it is no failure of the network, but ours.
    if (error instanceof TypeError && cause === undefined) throw error;
    throw new Unreachable(issuer, error);
  }
}

function tokenRefusal({ status, response, error, error_description }: oauth.ResponseBodyError): Refused {
  return refusal({ status, headers: response.headers, body: { error, error_description: error_description ?? null } });
}
