import { CompactEncrypt } from 'jose';
import type { EncryptionKey } from '../../clients/clients.ts';

/** Content is always encrypted by it (RFC 7518 §5.3). */
export const CONTENT_ENCRYPTION = 'A256GCM';
export const keyEncryptions = ['ECDH-ES', 'RSA-OAEP-256'] as const satisfies readonly EncryptionKey['algorithm'][];

/** A JWE around a signed JWT, in compact form. @see RFC 7519 §11.2: signed first, then encrypted */
export function encryptJwt(jws: string, { kid, algorithm, key }: EncryptionKey, type: string): Promise<string> {
  return new CompactEncrypt(Buffer.from(jws, 'ascii'))
    .setProtectedHeader({ alg: algorithm, enc: CONTENT_ENCRYPTION, kid, typ: type, cty: 'JWT' })
    .encrypt(key);
}
