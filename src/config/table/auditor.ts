import type { SettingTable } from './setting.ts';

/** How `sigill export`, `sigill receipt` and `sigill case` authenticate to a service. An option of the command goes before each. */
export const auditor = {
  AUDITOR_ISSUER: {
    what: 'the service that the command asks (`--issuer`)',
    form: { kind: 'text', of: 'its https origin; http on loopback' },
    readBy: ['auditor'],
    required: true,
  },
  AUDITOR_CLIENT_ID: {
    what: 'the client that asks (`--client`)',
    form: { kind: 'text', of: 'an id of CLIENTS_FILE' },
    readBy: ['auditor'],
    required: true,
  },
  AUDITOR_KEY_FILE: {
    what: "the client's private key (`--key`)",
    form: { kind: 'file', of: 'a private JWK, or a private key in PEM', closed: true },
    readBy: ['auditor'],
    required: true,
  },
  AUDITOR_CERTIFICATE_FILE: {
    what: 'the certificate of that key, for a client that is registered with `tlsClientAuth` (`--certificate`)',
    form: { kind: 'file', of: 'certificates in PEM' },
    readBy: ['auditor'],
    otherwise: 'the key signs assertions',
  },
} as const satisfies SettingTable;
