import { X509Certificate } from 'node:crypto';
import type { RpCertificates } from '../config/rp-certificates.ts';
import { DAY_MS } from '../kernel/clock.ts';
import type { Client } from './clients.ts';

/** What the service accepts, and the operator may not want. */
export interface ClientWarning {
  /** JSON pointer below the array of clients. */
  readonly pointer: string;
  readonly problem: string;
}

/** RSA of fewer bits is expected to hold until 2030 only. @see NIST SP 800-57 Part 1 §5.6 */
const LASTING_RSA_BITS = 3072;
const EXPIRES_SOON_DAYS = 30;

/** Warnings about clients that have no faults. */
export function warningsOf(
  clients: readonly Client[],
  ring: RpCertificates | undefined,
  now: Date,
): readonly ClientWarning[] {
  const seen = new Map<string, string>();
  return clients.flatMap((client, index) => {
    const other = seen.get(client.name);
    seen.set(client.name, other ?? client.id);
    const found = [
      ...warningsOfKeys(client),
      ...warningsOfUris(client),
      ...warningsOfCertificate(client, ring, now),
      ...(client.bindingMessageOptional
        ? [warn('/bindingMessageOptional', 'lets a person log in by phone without a code to compare')]
        : []),
      ...(other === undefined ? [] : [warn('/name', `is that of ${other} too: a payer cannot tell them apart`)]),
    ];
    return found.map(({ pointer, problem }) => warn(`/${index}${pointer}`, problem));
  });
}

function warningsOfKeys({ keys, encryptionKey }: Client): readonly ClientWarning[] {
  const all = keys.map(({ key }, at) => [`/jwks/keys/${at}`, key] as const);
  return [...all, ...(encryptionKey ? [['/encryptionJwk', encryptionKey.key] as const] : [])].flatMap(
    ([pointer, key]) => {
      const bits = key.asymmetricKeyDetails?.modulusLength ?? LASTING_RSA_BITS;
      return bits < LASTING_RSA_BITS
        ? [warn(pointer, `has ${bits} bits, which are expected to hold until 2030; P-256 is shorter and lasts longer`)]
        : [];
    },
  );
}

function warningsOfUris({ redirectUris, backchannel }: Client): readonly ClientWarning[] {
  const uris = [
    ...redirectUris.map((uri, at) => [`/redirectUris/${at}`, uri] as const),
    ...(backchannel?.returnUris ?? []).map((uri, at) => [`/backchannel/returnUris/${at}`, uri] as const),
  ];
  return uris.flatMap(([pointer, uri]) =>
    uri.startsWith('http:') ? [warn(pointer, 'is http, which production refuses')] : [],
  );
}

function warningsOfCertificate(
  { bankidCertificate: id }: Client,
  ring: RpCertificates | undefined,
  now: Date,
): readonly ClientWarning[] {
  const certificate = id === undefined ? undefined : ring?.get(id)?.certificate;
  if (!certificate) return [];
  const days = Math.floor((new X509Certificate(certificate).validToDate.getTime() - now.getTime()) / DAY_MS);
  if (days >= EXPIRES_SOON_DAYS) return [];
  const problem =
    days < 0 ? 'has expired: BankID accepts no order with it' : `expires in ${days} days: order the next one`;
  return [warn('/bankidCertificate', problem)];
}

function warn(pointer: string, problem: string): ClientWarning {
  return { pointer, problem };
}
