import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { RpError } from './rp-error.ts';

/** Who calls, as the RP certificate says. */
export interface RelyingParty {
  /** The certificate's subject as `srvInfo/name` has it: `cn=…,name=…,serialNumber=…,o=…,c=…`. */
  readonly relyingPartyName: string;
  /** What the app shows. */
  readonly displayName: string;
}

const shortTypes: Readonly<Record<string, string>> = { C: 'c', O: 'o', OU: 'ou', CN: 'cn' };

const known = new WeakMap<Socket, RelyingParty>();

/**
 * The holder of the certificate that the connection was made with. It is not looked up: several simulators that share a PKI directory
 * each issue certificates of their own.
 * @throws RpError `unauthorized`
 */
export function relyingPartyOf(socket: Socket): RelyingParty {
  const party = known.get(socket) ?? readCertificate(socket);
  known.set(socket, party);
  return party;
}

function readCertificate(socket: Socket): RelyingParty {
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
  // Attributes stand in the order in which the certificate has them.
  const subject = Object.entries<unknown>({ ...certificate?.subject });
  const displayName = subject.find(([type]) => type === 'name')?.[1];
  if (typeof displayName !== 'string')
    throw new RpError(401, 'unauthorized', 'The certificate is not an RP certificate');
  const attributes = subject.map(([type, value]) => `${shortTypes[type] ?? type}=${String(value)}`);
  return { relyingPartyName: attributes.reverse().join(','), displayName };
}
