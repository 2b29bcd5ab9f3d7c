import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './tools.ts';

const CERTIFICATES = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = x
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[issuer]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
certificatePolicies = 2.999.1
[authority]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
`;

/** All that OpenSSL can put into a token: name, ordering, fractions of a second, chain, another hash for each purpose. */
const settings = (folder: string): string => `
[tsa]
default_tsa = authority
[authority]
serial = ${folder}/serial
signer_cert = ${folder}/authority.pem
signer_key = ${folder}/authority.key
certs = ${folder}/issuer.pem
signer_digest = sha512
default_policy = 2.999.2
digests = sha256
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = yes
ess_cert_id_alg = sha384
`;

/** A timestamping authority by OpenSSL, on RSA: root, issuer, authority. */
export class OpensslAuthority {
  readonly rootPem: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.rootPem = readFileSync(join(folder, 'root.pem'), 'utf8');
  }

  static async make(folder: string): Promise<OpensslAuthority> {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('certificates.cnf'), CERTIFICATES);
    writeFileSync(at('tsa.cnf'), settings(folder));
    const request = (name: string, ...more: readonly string[]): ReturnType<typeof run> => {
      const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at(`${name}.key`), '-config', at('certificates.cnf')];
      return run('openssl', 'req', '-new', ...key, '-subj', `/C=SE/O=OpenSSL/CN=${name}`, ...more);
    };
    const issue = (name: string, issuer: string): ReturnType<typeof run> => {
      const by = ['-CA', at(`${issuer}.pem`), '-CAkey', at(`${issuer}.key`), '-CAcreateserial'];
      const own = ['-extfile', at('certificates.cnf'), '-extensions', name, '-days', '30'];
      return run('openssl', 'x509', '-req', '-in', at(`${name}.csr`), '-out', at(`${name}.pem`), ...by, ...own);
    };
    await request('root', '-x509', '-extensions', 'root', '-out', at('root.pem'));
    for (const [name, issuer] of [['issuer', 'root'] as const, ['authority', 'issuer'] as const]) {
      await request(name, '-out', at(`${name}.csr`));
      await issue(name, issuer);
    }
    return new OpensslAuthority(folder);
  }

  /** The TimeStampResp to a TimeStampReq, at the present. */
  async answer(query: Buffer): Promise<Buffer> {
    const [queryFile, answerFile] = [join(this.#folder, 'q.tsq'), join(this.#folder, 'a.tsr')];
    writeFileSync(queryFile, query);
    const paths = ['-queryfile', queryFile, '-out', answerFile];
    await run('openssl', 'ts', '-reply', '-config', join(this.#folder, 'tsa.cnf'), ...paths);
    return readFileSync(answerFile);
  }
}
