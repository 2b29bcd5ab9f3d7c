/** BankID's four roots. The operator supplies the files; only certificates with these fingerprints are accepted. */
export interface BankIdRoot {
  readonly name: string;
  readonly use: 'signature' | 'tls';
  readonly environment: 'production' | 'bankid-test';
  /** SHA-256 of the certificate's DER, lower-case hexadecimal. */
  readonly sha256: string;
}

export const bankIdRoots: readonly BankIdRoot[] = [
  {
    name: 'BankID Root CA v1',
    use: 'signature',
    environment: 'production',
    sha256: 'ca32588e385b961d58e26010c6f8c839f7ca071e497de6b7841640a61506fd31',
  },
  {
    name: 'Test BankID Root CA v1 Test',
    use: 'signature',
    environment: 'bankid-test',
    sha256: 'c6faeaf8ccadcfd0738dc99140ca788c1a19a93f843c5a9ec1369872d50e45f2',
  },
  {
    name: 'BankID SSL Root CA v1',
    use: 'tls',
    environment: 'production',
    sha256: 'e6a2d45c0a1051c959428649f86a09a9b2152cd551993cc2eb4cf094bdacbecb',
  },
  {
    name: 'Test BankID SSL Root CA v1 Test',
    use: 'tls',
    environment: 'bankid-test',
    sha256: 'f3d0740ebfb3700e3b81aa791fee451472698c84e199c2eb48a443ff1d5b405c',
  },
];

/** `undefined` for a root that is not BankID's, such as the simulator's. */
export function findBankIdRoot(sha256: string): BankIdRoot | undefined {
  return bankIdRoots.find((root) => root.sha256 === sha256);
}
