import { loginScopes } from '../src/clients/payer-ways.ts';
import type { SandboxClient } from './clients.ts';
import { clientSubject } from './tls.ts';

type Authentication = 'private_key_jwt' | 'mtls';
type Delivery = 'poll' | 'ping';
type Which = 1 | 2;

/** Two clients for each `client_auth_type` with each `ciba_mode` of the suite's FAPI-CIBA plan. */
export type CibaName = `ciba${'Jwt' | 'Mtls'}${'Poll' | 'Ping'}${Which}`;

/** One choice of `client_auth_type` and `ciba_mode`. */
interface CibaVariant {
  readonly authentication: Authentication;
  readonly delivery: Delivery;
  /** Whom the clients ask to log in. One for each variant: what one plan leaves open must not stand in the way of the next. */
  readonly personalNumber: string;
}

/** A client that persons log in to in phone calls. */
interface CibaRegistration {
  readonly id: string;
  readonly name: string;
  readonly role: 'rp';
  readonly backchannel: {
    readonly ways: readonly ['phone'];
    readonly delivery: Delivery;
    readonly notificationEndpoint?: string;
  };
  readonly phoneLogin: { readonly initiators: readonly ['user'] };
  readonly bindingMessageOptional: true;
  readonly login: { readonly scopes: readonly string[]; readonly loginOnly: true };
  readonly bankidCertificate: string;
  readonly phoneLimits: 'none';
  readonly tlsClientAuth?: { readonly tls_client_auth_subject_dn: string };
}

/** What the suite needs to know of the sandbox. */
export interface CibaSandbox {
  readonly issuer: string;
  readonly mtlsUrl: string;
  /** Where a request is allowed or denied in the place of its person. */
  readonly approvalUrl: string;
  readonly clients: Readonly<Record<CibaName, SandboxClient>>;
}

const variants: readonly CibaVariant[] = [
  { authentication: 'private_key_jwt', delivery: 'poll', personalNumber: '199001012385' },
  { authentication: 'private_key_jwt', delivery: 'ping', personalNumber: '198506152399' },
  { authentication: 'mtls', delivery: 'poll', personalNumber: '197202292384' },
  { authentication: 'mtls', delivery: 'ping', personalNumber: '191212121212' },
];
const both: readonly Which[] = [1, 2];

/** Where the suite listens by default, on this machine. */
export const SUITE_ORIGIN = 'https://localhost.emobix.co.uk:8443';
/** Where it takes pings, for a plan with the alias `sigill`. */
const NOTIFICATIONS = '/test/a/sigill/ciba-notification-endpoint';

/** The acr of a login by phone, which the second client of each variant asks for. */
const ACR = 'urn:sigill:acr:bankid-identification-phone';

export const cibaClients: readonly string[] = variants.flatMap((variant) => both.map((which) => idOf(variant, which)));

/** The first client of each variant, which signs with RSA. */
export const cibaClientsWithRsa: readonly string[] = variants.map((variant) => idOf(variant, 1));

interface Facts {
  /** The name of the RP certificate's holder, which the BankID app shows and which must be that of the client. */
  readonly holder: string;
  /** The id of that certificate. */
  readonly certificate: string;
  readonly suiteOrigin: string;
}

export function cibaRegistrations(facts: Facts): Record<CibaName, CibaRegistration> {
  const all = variants.flatMap((variant) =>
    both.map((which) => [nameOf(variant, which), registrationOf(variant, which, facts)] as const),
  );
  return Object.fromEntries(all) as Record<CibaName, CibaRegistration>;
}

/** The configurations of the plan, by file name, without the certificates of the clients. */
export function cibaConfigurations(sandbox: CibaSandbox): readonly {
  readonly name: string;
  readonly first: SandboxClient;
  readonly second: SandboxClient;
  readonly json: object;
}[] {
  const { issuer, mtlsUrl, approvalUrl, clients } = sandbox;
  return variants.map((variant) => {
    const [first, second] = both.map((which) => clients[nameOf(variant, which)]) as [SandboxClient, SandboxClient];
    const client = ({ id, privateJwk }: SandboxClient, scope: string): object => ({
      client_id: id,
      scope,
      jwks: { keys: [privateJwk] },
    });
    const hint = { hint_type: 'login_hint', hint_value: `personnummer:${variant.personalNumber}` };
    const json = {
      alias: 'sigill',
      description: `Sigill sandbox, ${variant.authentication}, ${variant.delivery}`,
      server: { discoveryUrl: `${issuer}/.well-known/openid-configuration` },
      client: { ...client(first, `openid ${loginScopes[0]}`), ...hint },
      // What is left of the scope is a login for a client that has nothing else.
      client2: { ...client(second, 'openid'), acr_value: ACR },
      resource: { resourceUrl: `${mtlsUrl}/userinfo` },
      automated_ciba_approval_url: `${approvalUrl}?auth_req_id={auth_req_id}&action={action}`,
    };
    return { name: `ciba-${variant.authentication}-${variant.delivery}`, first, second, json };
  });
}

function registrationOf(variant: CibaVariant, which: Which, facts: Facts): CibaRegistration {
  const { authentication, delivery } = variant;
  const id = idOf(variant, which);
  const ping = delivery === 'ping' ? { notificationEndpoint: facts.suiteOrigin + NOTIFICATIONS } : {};
  return {
    id,
    name: facts.holder,
    role: 'rp',
    backchannel: { ways: ['phone'], delivery, ...ping },
    phoneLogin: { initiators: ['user'] },
    bindingMessageOptional: true,
    login: { scopes: loginScopes, loginOnly: true },
    bankidCertificate: facts.certificate,
    phoneLimits: 'none',
    ...(authentication === 'mtls' ? { tlsClientAuth: { tls_client_auth_subject_dn: clientSubject(id) } } : {}),
  };
}

function idOf({ authentication, delivery }: CibaVariant, which: Which): string {
  return `suite-ciba-${authentication === 'mtls' ? 'mtls' : 'jwt'}-${delivery}-${which}`;
}

function nameOf({ authentication, delivery }: CibaVariant, which: Which): CibaName {
  return `ciba${authentication === 'mtls' ? 'Mtls' : 'Jwt'}${delivery === 'ping' ? 'Ping' : 'Poll'}${which}`;
}
