import { verifyFiles } from './script/files.ts';
import { verifyProfile } from './script/profile.ts';
import { verifyProof } from './script/proof.ts';

/**
 * `verify.sh` of an evidence folder: the same text in every folder, so that a reader has to read it once. It asks nothing of
 * the machine but a POSIX shell, a few utilities in their POSIX form, xmlsec1, and of openssl only what LibreSSL has too.
 */
export const verifyScript = verifyFiles + verifyProfile + verifyProof;
