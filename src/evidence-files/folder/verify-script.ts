import { verifyFiles } from './script/files.ts';
import { verifyProfile } from './script/profile.ts';
import { verifyProof } from './script/proof.ts';
import { verifySeal } from './script/seal.ts';

/**
 * `verify.sh` of an evidence folder: the same text in every folder, so that a reader has to read it only once. It needs nothing on
 * the machine but a POSIX shell, a few POSIX utilities, xmlsec1, and those parts of openssl that LibreSSL has too.
 */
export const verifyScript = verifyFiles + verifyProfile + verifyProof + verifySeal;
