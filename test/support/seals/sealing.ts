import { createPrivateKey, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { extensions, issueCertificate } from '../../../simulator/pki/certificate.ts';
import { timestampPolicy, makeToken } from '../../../simulator/tsa/timestamp-token.ts';
import { openTrustServices, type Signer, type TrustServices } from '../../../simulator/tsa/trust-services.ts';
import { manifestOf, sealedMembers, writeBundle, type Members, type Seal } from '../../../src/bundle/container.ts';
import { makeSeal, type Sealer, type Stamp } from '../../../src/bundle/make-seal.ts';
import type { SealTrust } from '../../../src/bundle/verify-seal.ts';
import { parsePemCertificate } from '../../../src/crypto/x509/certificate.ts';
import type { Seals } from '../../../src/seals/seals.ts';
import { DAY_MS } from '../../../src/kernel/clock.ts';
import { sequence, octets, oid } from '../vectors/der-writer.ts';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** Seals and timestamps of a trust service provider of the simulator's, without a service around them. */
export class Sealing {
  readonly services: TrustServices;
  readonly now: Date;

  private constructor(services: TrustServices, now: Date) {
    this.services = services;
    this.now = now;
  }

  /** A provider of its own, whose certificates are valid around `now`. */
  static async open(now: Date): Promise<Sealing> {
    return new Sealing(await openTrustServices(undefined, now, 'http://localhost:1/tsa/crl'), now);
  }

  /** The provider of a running simulator. */
  static of(services: TrustServices, now: Date): Sealing {
    return new Sealing(services, now);
  }

  /** Its root, for seals and for timestamps. */
  get trust(): SealTrust {
    const root = parsePemCertificate(this.services.rootPem);
    return { seals: [root], timestamps: [root] };
  }

  /** As the service seals, with what `changes` say otherwise. */
  sealer(changes: Partial<Sealer> = {}): Sealer {
    const { seal, rootPem } = this.services;
    const key = createPrivateKey(seal.keyPem);
    return {
      scheme: { kind: 'ecdsa', hash: 'sha256' },
      chain: [new X509Certificate(seal.certificatePem).raw, new X509Certificate(rootPem).raw],
      sign: (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'der' }),
      crls: async () => [await this.services.crl(this.now)],
      stamp: (digest) => this.stamp(digest),
      ...changes,
    };
  }

  /** The certificate of another key for seals, by the same provider. */
  async certify(publicKey: KeyObject): Promise<Buffer> {
    const { issuer } = this.services.good;
    const { der } = await issueCertificate(
      {
        subject: [['commonName', 'Another Seal']],
        publicKey,
        notBefore: new Date(this.now.getTime() - DAY_MS),
        notAfter: new Date(this.now.getTime() + DAY_MS),
        extensions: [extensions.keyUsage('nonRepudiation')],
      },
      issuer,
    );
    return der;
  }

  async stamp(digest: Buffer, signer: Signer = this.services.good, time = this.now): Promise<Stamp> {
    const imprint = sequence(sequence(oid(SHA256)), octets(digest));
    const certificates = [signer.certificate];
    const facts = { imprint, nonce: undefined, time, certificates, crls: [], policy: timestampPolicy };
    return { token: await makeToken(facts, signer), crls: [await this.services.crl(this.now)] };
  }

  /** In place of the service's, whose provider may have issued its certificates after the time of a test. */
  get seals(): Seals {
    const seal = async (manifest: Buffer) => ({
      seal: await makeSeal(manifest, this.sealer(), this.now),
      at: this.now,
    });
    return { checkConfigured: () => undefined, seal } as Seals;
  }

  /** A seal over the manifest of this number. */
  async seal(members: Members, number = 1, changes: Partial<Sealer> = {}): Promise<Seal> {
    return makeSeal(manifestOf(members, number), this.sealer(changes), this.now);
  }

  async bundle(members: Members = sampleMembers): Promise<Buffer> {
    return writeBundle(members, await this.seal(members));
  }
}

/** Invented members, of the names that bundles have. */
export const sampleMembers: Members = sealedMembers(
  new Map([
    ['consent.json', Buffer.from('{"amount":"1250.00"}')],
    ['signature.b64', Buffer.from('PD94bWwgdmVyc2lvbj0iMS4wIj8+')],
    ['visible-text.txt', Buffer.from('1 250,00 kr')],
  ]),
  { proof: Buffer.from('c2sp.org/tlog-proof@v1\n'), checkpointToken: undefined },
);
