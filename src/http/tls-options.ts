import type { TlsConfig } from '../config/config.ts';
import { SECOND_MS } from '../kernel/clock.ts';

/** TLS 1.3, and of TLS 1.2 only what BCP 195 recommends. @see FAPI 2.0 Security Profile §5.2.1, RFC 9325 §4.2 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
];

interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: 'TLSv1.2';
  readonly ciphers: string;
  readonly honorCipherOrder: boolean;
  readonly handshakeTimeout: number;
}

/** How our listeners speak TLS. */
export function tlsOptions({ certificate, key }: TlsConfig): ServerTls {
  return {
    cert: certificate,
    key: key.reveal(),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS.join(':'),
    honorCipherOrder: true,
    handshakeTimeout: 10 * SECOND_MS,
  };
}
