import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { loginScopes } from '../src/clients/payer-ways.ts';
import { cibaClientsWithRsa, cibaRegistrations, SUITE_ORIGIN, type CibaName } from './ciba-suite.ts';
import { withProviders, type Registration } from './registration.ts';
import { clientSubject } from './tls.ts';

/** A client of the sandbox with the private key that it signs its assertions with. */
export interface SandboxClient {
  readonly id: string;
  readonly resource?: string;
  readonly redirectUri?: string;
  readonly privateJwk: JWK;
  /** Decrypts its signed introspection answers. */
  readonly decryptionJwk?: JWK;
  /** Tokens are bound to it; to a key made for each connection where there is none. */
  readonly dpopJwk?: JWK;
}

export interface SandboxClients extends Readonly<Record<CibaName, SandboxClient>> {
  /** Path of the CLIENTS_FILE: public keys only. */
  readonly file: string;
  readonly tpp: SandboxClient;
  readonly otherTpp: SandboxClient;
  readonly bank: SandboxClient;
  readonly otherBank: SandboxClient;
  readonly auditor: SandboxClient;
  /** The auditor of `otherBank`. */
  readonly otherAuditor: SandboxClient;
  /** A shop to which persons log in; no payments. */
  readonly rp: SandboxClient;
  /** A TPP to which persons log in too; it gets signed and encrypted what it is told of them. */
  readonly loginTpp: SandboxClient;
  /** A TPP whose own app opens BankID, and whose terminals show QR codes. */
  readonly appTpp: SandboxClient;
  /** A TPP whose operators talk with persons on the phone. */
  readonly phoneTpp: SandboxClient;
  /** A TPP that authenticates by its certificate (tls_client_auth). */
  readonly certificateTpp: SandboxClient;
  /** A TPP that pushes signed request objects only. */
  readonly signingTpp: SandboxClient;
  /**
   * Two for the OpenID Foundation's suite with private_key_jwt, with tls_client_auth, and with tls_client_auth where tokens are
   * bound to DPoP keys alone; the simulator may sign for them by itself.
   */
  readonly suite1: SandboxClient;
  readonly suite2: SandboxClient;
  readonly suite3: SandboxClient;
  readonly suite4: SandboxClient;
  readonly suite5: SandboxClient;
  readonly suite6: SandboxClient;
  /** The same six again, registered to push signed request objects only. */
  readonly signingSuite1: SandboxClient;
  readonly signingSuite2: SandboxClient;
  readonly signingSuite3: SandboxClient;
  readonly signingSuite4: SandboxClient;
  readonly signingSuite5: SandboxClient;
  readonly signingSuite6: SandboxClient;
  /**
   * Three banks for the suite's machine tokens, each beside one of its TPPs: the second client of a plan reads the same address as
   * the first, and the only two who may read a consent are its TPP and its bank.
   */
  readonly suiteBank1: SandboxClient;
  readonly suiteBank2: SandboxClient;
  readonly suiteBank3: SandboxClient;
}

/** Callbacks of the OpenID Foundation's suite where it runs beside the sandbox, for a test plan with the alias `sigill`. */
const SUITE_TESTS = `${SUITE_ORIGIN}/test`;
const SUITE_CALLBACK = `${SUITE_TESTS}/a/sigill/callback`;

/** Matches every page of the suite's tests, in the form of its browser scripts. */
export const suitePages = `${SUITE_TESTS}/*`;

/** The clients for whom a suite's payer signs at once. */
export const suiteClients: readonly string[] = [
  'suite-jwt-1',
  'suite-jwt-2',
  'suite-mtls-1',
  'suite-mtls-2',
  'suite-mtls-dpop-1',
  'suite-mtls-dpop-2',
  'suite-signed-jwt-1',
  'suite-signed-jwt-2',
  'suite-signed-mtls-1',
  'suite-signed-mtls-2',
  'suite-signed-mtls-dpop-1',
  'suite-signed-mtls-dpop-2',
];

/** The RP certificate whose holder is Exempelbutiken AB. */
export const SECOND_CERTIFICATE = 'exempelbutiken';

/** Benchmarks send as fast as they are answered. */
const BENCHMARK_RATES = { par: 1_000_000, token: 1_000_000, introspection: 1_000_000, verification: 1_000_000 };

/** Opens the app of the shop, to which persons log in. */
export const SHOP_RETURN = 'https://app.exempelbutiken.example/inloggad';
/** Opens the app of `appTpp` on its person's phone: a scheme that is the app's own (RFC 8252 §7.1). */
export const APP_RETURN = 'example.appbetal:/bankid';

/** They have a key for encrypted answers: one of the two banks, and one of the two clients of logins. */
const DECRYPTING: readonly string[] = ['exempelbanken', 'butiksbetal'];

/** These sign with RSA: the suite tries RS256 only where its first client has such a key. */
const WITH_RSA: readonly string[] = [
  'suite-jwt-1',
  'suite-signed-jwt-1',
  'suite-signed-mtls-1',
  'suite-signed-mtls-dpop-1',
  ...cibaClientsWithRsa,
];

type Name = Exclude<keyof SandboxClients, 'file'>;
type SuiteName = Extract<Name, `suite${string}` | `signingSuite${string}`>;

/** Invented companies; the payer reads their names in the signed text. */
function registrations(redirectUris: readonly string[], suiteOrigin: string): Record<Name, Registration> {
  return {
    tpp: {
      ...tpp('exempelbetal', 'Exempelbetal AB', 'PSDSE-FINA-00001', redirectUris),
      requestsPerMinute: BENCHMARK_RATES,
    },
    otherTpp: { ...tpp('provbetal', 'Provbetal AB', 'PSDSE-FINA-00002', redirectUris), dpopRequired: true },
    bank: { ...bank('exempelbanken', 'Exempelbanken AB', 'PSDSE-FINA-00010'), requestsPerMinute: BENCHMARK_RATES },
    // Its rule is met by the BankIDs of the simulator, whose certificates are a day old, unless one is said to be new.
    otherBank: {
      ...bank('provbanken', 'Provbanken AB', 'PSDSE-FINA-00011'),
      policy: [{ name: 'bankid-issued-today', minBankIdAgeDays: 1 }],
    },
    auditor: { id: 'exempelrevision', name: 'Exempelrevision AB', role: 'auditor', bank: 'exempelbanken' },
    otherAuditor: { id: 'provrevision', name: 'Provrevision AB', role: 'auditor', bank: 'provbanken' },
    rp: shop(redirectUris),
    loginTpp: {
      ...tpp('butiksbetal', 'Exempelbutiken AB', 'PSDSE-FINA-00024', redirectUris),
      login: { scopes: loginScopes, userinfoSignedResponseAlg: 'ES256' },
      bankidCertificate: 'exempelbutiken',
    },
    appTpp: {
      ...tpp('appbetal', 'Appbetal AB', 'PSDSE-FINA-00022', redirectUris),
      backchannel: { ways: ['app', 'qr'], delivery: 'poll', returnUris: [APP_RETURN] },
      requestsPerMinute: BENCHMARK_RATES,
    },
    phoneTpp: {
      // The BankID app names the certificate's holder, so the operators are those of the shop.
      ...tpp('exempelbutiken-betal', 'Exempelbutiken AB', 'PSDSE-FINA-00023', redirectUris),
      backchannel: { ways: ['phone'], delivery: 'poll' },
      phonePayment: {},
      bankidCertificate: SECOND_CERTIFICATE,
    },
    certificateTpp: byCertificate(tpp('intygsbetal', 'Intygsbetal AB', 'PSDSE-FINA-00003', redirectUris)),
    signingTpp: signing(tpp('signabetal', 'Signabetal AB', 'PSDSE-FINA-00004', redirectUris)),
    ...suiteRegistrations(),
    ...cibaRegistrations({ holder: 'Exempelbutiken AB', certificate: SECOND_CERTIFICATE, suiteOrigin }),
  };
}

/** A shop that persons log in to, in every way. */
function shop(redirectUris: readonly string[]): Registration {
  return {
    id: 'exempelbutiken',
    name: 'Exempelbutiken AB',
    role: 'rp',
    redirectUris,
    login: { scopes: loginScopes },
    backchannel: { ways: ['phone', 'app', 'qr'], delivery: 'poll', returnUris: [SHOP_RETURN] },
    phoneLogin: {},
    bankidCertificate: SECOND_CERTIFICATE,
  };
}

function suiteRegistrations(): Record<SuiteName, Registration> {
  return {
    suite1: suiteTpp('suite-jwt-1', 'PSDSE-FINA-00005'),
    suite2: suiteTpp('suite-jwt-2', 'PSDSE-FINA-00006'),
    suite3: byCertificate(suiteTpp('suite-mtls-1', 'PSDSE-FINA-00007')),
    suite4: byCertificate(suiteTpp('suite-mtls-2', 'PSDSE-FINA-00008')),
    suite5: withDpop(byCertificate(suiteTpp('suite-mtls-dpop-1', 'PSDSE-FINA-00009'))),
    suite6: withDpop(byCertificate(suiteTpp('suite-mtls-dpop-2', 'PSDSE-FINA-00012'))),
    signingSuite1: signing(suiteTpp('suite-signed-jwt-1', 'PSDSE-FINA-00013')),
    signingSuite2: signing(suiteTpp('suite-signed-jwt-2', 'PSDSE-FINA-00014')),
    signingSuite3: signing(byCertificate(suiteTpp('suite-signed-mtls-1', 'PSDSE-FINA-00015'))),
    signingSuite4: signing(byCertificate(suiteTpp('suite-signed-mtls-2', 'PSDSE-FINA-00016'))),
    signingSuite5: signing(withDpop(byCertificate(suiteTpp('suite-signed-mtls-dpop-1', 'PSDSE-FINA-00017')))),
    signingSuite6: signing(withDpop(byCertificate(suiteTpp('suite-signed-mtls-dpop-2', 'PSDSE-FINA-00018')))),
    suiteBank1: suiteBank('suite-bank-jwt', 'PSDSE-FINA-00019'),
    suiteBank2: byCertificate(suiteBank('suite-bank-mtls', 'PSDSE-FINA-00020')),
    suiteBank3: withDpop(byCertificate(suiteBank('suite-bank-mtls-dpop', 'PSDSE-FINA-00021'))),
  };
}

function suiteTpp(id: string, authorisationNumber: string): Registration {
  const callbacks = [SUITE_CALLBACK, `${SUITE_CALLBACK}?dummy1=lorem&dummy2=ipsum`];
  const defaultResource = bank('exempelbanken', '', '').resource;
  return {
    ...tpp(id, 'Provsviten AB', authorisationNumber, callbacks),
    ...(defaultResource ? { defaultResource } : {}),
  };
}

function suiteBank(id: string, authorisationNumber: string): Registration {
  return bank(id, 'Provsvitens bank AB', authorisationNumber);
}

function byCertificate(registration: Registration): Registration {
  return { ...registration, tlsClientAuth: { tls_client_auth_subject_dn: clientSubject(registration.id) } };
}

function withDpop(registration: Registration): Registration {
  return { ...registration, dpopBoundAccessTokens: true };
}

function signing(registration: Registration): Registration {
  return { ...registration, requestObjectRequired: true };
}

function tpp(id: string, name: string, authorisationNumber: string, redirectUris: readonly string[]): Registration {
  return { id, name, authorisationNumber, role: 'tpp', redirectUris };
}

function bank(id: string, name: string, authorisationNumber: string): Registration {
  return { id, name, authorisationNumber, role: 'bank', resource: `https://api.${id}.example/payments` };
}

/** Writes the sandbox's registrations, with keys that are made once and kept in `folder`. */
export async function sandboxClients(
  folder: string,
  redirectUris: readonly string[],
  suiteOrigin: string,
  identityOrigin?: string,
): Promise<SandboxClients> {
  const file = join(folder, 'clients.json');
  const registered: Record<string, unknown>[] = [];
  const made: Record<string, SandboxClient> = {};
  const keyed = Object.entries(withProviders(registrations(redirectUris, suiteOrigin), identityOrigin)).map(
    async ([name, registration]) => [name, registration, await clientKey(folder, registration.id)] as const,
  );
  for (const [name, registration, privateJwk] of await Promise.all(keyed)) {
    const decryptionJwk = DECRYPTING.includes(registration.id)
      ? await encryptionKey(folder, registration.id)
      : undefined;
    registered.push({
      ...registration,
      jwks: { keys: [publicHalf(privateJwk)] },
      ...(decryptionJwk ? { encryptionJwk: publicHalf(decryptionJwk) } : {}),
    });
    made[name] = {
      id: registration.id,
      privateJwk,
      ...(decryptionJwk ? { decryptionJwk } : {}),
      ...(registration.resource === undefined ? {} : { resource: registration.resource }),
      ...(registration.redirectUris?.[0] === undefined ? {} : { redirectUri: registration.redirectUris[0] }),
    };
  }
  writeFileSync(file, `${JSON.stringify(registered, null, 2)}\n`, { mode: 0o600 });
  return { file, ...(made as unknown as Omit<SandboxClients, 'file'>) };
}

function clientKey(folder: string, id: string): Promise<JWK> {
  const alg = WITH_RSA.includes(id) ? 'PS256' : 'ES256';
  return keep(join(folder, `${id}.jwk.json`), { kid: `sandbox-${id}`, alg, use: 'sig' });
}

function encryptionKey(folder: string, id: string): Promise<JWK> {
  return keep(join(folder, `${id}.enc.jwk.json`), { kid: `sandbox-${id}-enc`, alg: 'ECDH-ES', use: 'enc' });
}

async function keep(
  file: string,
  facts: { readonly kid: string; readonly alg: string; readonly use: string },
): Promise<JWK> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const { privateKey } = await generateKeyPair(facts.alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), ...facts };
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}

/** The public members of a key of any kind: only those listed here. */
export function publicHalf(jwk: JWK): JWK {
  const members = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'];
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => members.includes(name)));
}
