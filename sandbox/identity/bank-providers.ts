import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { APPROVAL_CLIENT, issuerOf } from '../registration.ts';
import { employees } from './employees.ts';
import { MemoryAdapter } from './memory-adapter.ts';

/** A request as a server that mounts others gives it to them. */
type MountedRequest = IncomingMessage & { originalUrl?: string };

/** The identity providers of the banks: they stand for what each bank has itself, outside of the service. */
export class BankProviders {
  readonly #path: string;
  readonly #providers: ReadonlyMap<string, Provider>;

  private constructor(path: string, providers: ReadonlyMap<string, Provider>) {
    this.#path = path;
    this.#providers = providers;
  }

  /**
   * @param origin of their issuers, with the path below which they are
   * @param returnUri to which browsers return besides programs on this machine
   */
  static async open(origin: string, banks: readonly string[], returnUri?: string): Promise<BankProviders> {
    const made = banks.map(async (bank) => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const key: JWK = {
        ...(await exportJWK(privateKey)),
        kid: randomBytes(4).toString('hex'),
        alg: 'ES256',
        use: 'sig',
      };
      return [bank, new Provider(issuerOf(origin, bank), configurationOf(origin, bank, key, returnUri))] as const;
    });
    return new BankProviders(new URL(origin).pathname, new Map(await Promise.all(made)));
  }

  /** Answers what is meant for a provider itself. @returns false for every other request, pages of employees included */
  handle(request: MountedRequest, response: ServerResponse): boolean {
    const [, rest = ''] = (request.url ?? '').split(`${this.#path}/`, 2);
    const bank = /^[\w-]+/.exec(rest)?.[0] ?? '';
    const provider = this.#providers.get(bank);
    const below = rest.slice(bank.length);
    if (
      !provider ||
      !request.url?.startsWith(`${this.#path}/`) ||
      /^\/interaction\/[\w-]+$/.test(below.split('?')[0] ?? '')
    )
      return false;
    // From the two addresses the provider sees where it is mounted.
    request.originalUrl = request.url;
    request.url = below === '' ? '/' : below;
    provider.callback()(request, response);
    return true;
  }

  find(bank: string): Provider | undefined {
    return this.#providers.get(bank);
  }
}

function configurationOf(origin: string, bank: string, key: JWK, returnUri: string | undefined): object {
  const path = `${new URL(origin).pathname}/${bank}`;
  return {
    adapter: MemoryAdapter,
    clients: [
      {
        client_id: APPROVAL_CLIENT,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
        // The port of a loopback address may be any (RFC 8252 §7.3).
        redirect_uris: ['http://127.0.0.1/callback', ...(returnUri === undefined ? [] : [returnUri])],
      },
    ],
    jwks: { keys: [key] },
    cookies: {
      keys: [randomBytes(16).toString('hex')],
      names: { session: `${bank}-session`, interaction: `${bank}-interaction`, resume: `${bank}-resume` },
    },
    responseTypes: ['code'],
    scopes: ['openid'],
    claims: { openid: ['sub', 'roles'] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    findAccount: (_context: unknown, id: string) => findAccount(id),
    interactions: { url: (_context: unknown, { uid }: { readonly uid: string }) => `${path}/interaction/${uid}` },
    loadExistingGrant: grantWhatIsAsked,
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
  };
}

function findAccount(id: string): object | undefined {
  const employee = employees.find((one) => one.id === id);
  return employee && { accountId: id, claims: () => ({ sub: id, roles: employee.roles }) };
}

interface GrantContext {
  readonly oidc: {
    readonly provider: Provider;
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
  };
}

/** Employees are not asked whether their own bank's command may know who they are. */
async function grantWhatIsAsked({ oidc: { provider, client, session } }: GrantContext): Promise<unknown> {
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}
