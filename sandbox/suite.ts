import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cibaConfigurations } from './ciba-suite.ts';
import { suitePages, type SandboxClient, type SandboxClients } from './clients.ts';
import type { LastingConsents } from './lasting-consents.ts';
import { SandboxTls } from './tls.ts';

/** One command of the suite's scripted browser: what to do, how the element is found, by which value, for how many seconds … */
export type BrowserCommand = readonly [string, string, string, ...(string | number)[]];

/** Commands on one page; a `*` in `match` stands for anything. */
export interface BrowserTask {
  readonly task: string;
  readonly match: string;
  readonly optional?: true;
  readonly commands?: readonly BrowserCommand[];
}

/** What the suite's browser does when a test sends it to an address. */
export interface BrowserScript {
  readonly match: string;
  readonly 'match-limit'?: number;
  readonly tasks: readonly BrowserTask[];
}

/** One choice of `client_auth_type`, `sender_constrain` and `fapi_request_method`. */
interface Variant {
  readonly first: SandboxClient;
  readonly second: SandboxClient;
  /** Where tokens are presented: those bound to a certificate at the port that requests certificates. */
  readonly resources: string;
}

interface MachineVariant extends Variant {
  readonly consent: string;
}

type OpenId = 'plain_oauth' | 'openid_connect';

interface Sandbox {
  readonly issuer: string;
  readonly mtlsUrl: string;
  readonly clients: SandboxClients;
  /** What machine tokens read. */
  readonly consents: LastingConsents;
  /** Where phone calls are answered in the place of a person. */
  readonly approvalUrl: string;
}

const REJECTS = 'fapi2-security-profile-final-user-rejects-authentication';
const LOOKS_FIRST = 'fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds';

/** What the suite's clients push. */
export const suitePayment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
};

/** The payer who signs on another device, and who shows a refused link to the tester. */
export function signingBrowser(issuer: string): BrowserScript {
  return visit(issuer, [
    {
      task: 'Show why the link is refused',
      match: `${issuer}/authorize*`,
      optional: true,
      commands: [['wait', 'id', 'notice', 10, '.+', 'update-image-placeholder-optional']],
    },
    signing(issuer, 'start-other'),
  ]);
}

/** What differs from {@link signingBrowser} in two of the suite's tests. */
export function browserOverrides(issuer: string): Readonly<Record<string, { readonly browser: BrowserScript[] }>> {
  const rejects = visit(issuer, [signing(issuer, 'open-decline', 'decline')]);
  const looks = visit(issuer, [{ task: 'Look at the payment and leave', match: `${issuer}/pay/*` }], false);
  return {
    [REJECTS]: { browser: [rejects] },
    [LOOKS_FIRST]: { browser: [{ ...looks, 'match-limit': 1 }, signingBrowser(issuer)] },
  };
}

function visit(issuer: string, tasks: readonly BrowserTask[], returns = true): BrowserScript {
  const last: BrowserTask = {
    task: 'Arrive at the suite',
    // Named in full: the address of an error page of ours holds the suite's own address, unencoded.
    match: suitePages,
    optional: true,
    commands: [['wait', 'id', 'submission_complete', 10]],
  };
  return { match: `${issuer}/authorize*`, tasks: returns ? [...tasks, last] : tasks };
}

/** Presses the buttons, waits for the link back and follows it, unless the page has done so by itself. */
function signing(issuer: string, ...buttons: readonly string[]): BrowserTask {
  return {
    task: 'Answer on the page of the payment',
    match: `${issuer}/pay/*`,
    optional: true,
    commands: [
      ...buttons.map((button): BrowserCommand => ['click', 'id', button]),
      ['wait', 'id', 'return', 30],
      ['click', 'id', 'return', 'optional'],
    ],
  };
}

/**
 * Writes the configurations of the suite's plans, one for each client authentication and each way to bind tokens, with the
 * sandbox's private keys in them, and returns their paths: with and without OpenID Connect, those of the plan for message signing
 * named `suite-signed-…`, `suite-client_credentials-…` for the profile of that grant, and `suite-ciba-…` for the FAPI-CIBA plan.
 */
export async function writeSuiteConfigurations(folder: string, sandbox: Sandbox): Promise<readonly string[]> {
  const tls = await SandboxTls.open(folder);
  const paths: string[] = [];
  const write = (name: string, configuration: object): void => {
    const path = join(folder, `suite-${name}.json`);
    writeFileSync(path, `${JSON.stringify(configuration, null, 2)}\n`, { mode: 0o600 });
    paths.push(path);
  };
  for (const [name, variant] of Object.entries(variantsOf(sandbox))) {
    for (const openid of ['plain_oauth', 'openid_connect'] as const) {
      write(`${name}-${openid}`, {
        ...describeServer(sandbox.issuer, openid),
        browser: [signingBrowser(sandbox.issuer)],
        override: browserOverrides(sandbox.issuer),
        ...(await describeClients(variant, openid, tls)),
        resource: { resourceUrl: `${variant.resources}/consent`, richAuthorizationRequest: [suitePayment] },
      });
    }
  }
  for (const [name, variant] of Object.entries(machineVariantsOf(sandbox))) {
    write(`client_credentials-${name}`, {
      ...describeServer(sandbox.issuer, 'plain_oauth'),
      ...(await describeClients(variant, 'plain_oauth', tls)),
      resource: { resourceUrl: `${variant.resources}/consents/${variant.consent}` },
    });
  }
  for (const { name, first, second, json } of cibaConfigurations(sandbox))
    write(name, { ...json, ...(await describeCertificates(first, second, tls)) });
  return paths;
}

/** By `client_auth_type` and `sender_constrain`, as the suite writes them; the clients of the second half must sign. */
function variantsOf({ issuer, mtlsUrl, clients }: Sandbox): Readonly<Record<string, Variant>> {
  const { suite1, suite2, suite3, suite4, suite5, suite6 } = clients;
  const { signingSuite1, signingSuite2, signingSuite3, signingSuite4, signingSuite5, signingSuite6 } = clients;
  return {
    'private_key_jwt-dpop': { first: suite1, second: suite2, resources: issuer },
    'private_key_jwt-mtls': { first: suite1, second: suite2, resources: mtlsUrl },
    'mtls-dpop': { first: suite5, second: suite6, resources: issuer },
    'mtls-mtls': { first: suite3, second: suite4, resources: mtlsUrl },
    'signed-private_key_jwt-dpop': { first: signingSuite1, second: signingSuite2, resources: issuer },
    'signed-private_key_jwt-mtls': { first: signingSuite1, second: signingSuite2, resources: mtlsUrl },
    'signed-mtls-dpop': { first: signingSuite5, second: signingSuite6, resources: issuer },
    'signed-mtls-mtls': { first: signingSuite3, second: signingSuite4, resources: mtlsUrl },
  };
}

/** A TPP and its bank: both clients of a plan read the same address, and a consent is read by these two alone. */
function machineVariantsOf({ issuer, mtlsUrl, clients, consents }: Sandbox): Readonly<Record<string, MachineVariant>> {
  const { suite1, suite3, suite5, suiteBank1, suiteBank2, suiteBank3 } = clients;
  const jwt = { first: suite1, second: suiteBank1, consent: consents.jwt };
  return {
    'private_key_jwt-dpop': { ...jwt, resources: issuer },
    'private_key_jwt-mtls': { ...jwt, resources: mtlsUrl },
    'mtls-dpop': { first: suite5, second: suiteBank3, consent: consents.mtlsDpop, resources: issuer },
    'mtls-mtls': { first: suite3, second: suiteBank2, consent: consents.mtls, resources: mtlsUrl },
  };
}

function describeServer(issuer: string, openid: OpenId): object {
  const document = openid === 'plain_oauth' ? 'oauth-authorization-server' : 'openid-configuration';
  return {
    alias: 'sigill',
    description: `Sigill sandbox, ${openid}`,
    server: { discoveryUrl: `${issuer}/.well-known/${document}` },
  };
}

async function describeClients({ first, second }: Variant, openid: OpenId, tls: SandboxTls): Promise<object> {
  const scope = openid === 'plain_oauth' ? 'consents' : 'openid consents';
  const client = ({ id, privateJwk }: SandboxClient): object => ({
    client_id: id,
    scope,
    jwks: { keys: [privateJwk] },
    dpop_signing_alg: privateJwk.alg,
  });
  return { client: client(first), client2: client(second), ...(await describeCertificates(first, second, tls)) };
}

async function describeCertificates(first: SandboxClient, second: SandboxClient, tls: SandboxTls): Promise<object> {
  const mtls = async ({ id }: SandboxClient): Promise<object> => {
    const { certificate, key } = await tls.clientCertificate(id);
    return { cert: certificate, key };
  };
  return { mtls: await mtls(first), mtls2: await mtls(second) };
}
