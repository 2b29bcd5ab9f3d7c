import { attempt, Malformed } from '../crypto/malformed.ts';
import type { Certificate } from '../crypto/x509/certificate.ts';
import { crlUrls, parseCrl } from '../crypto/x509/crl.ts';
import { withIssuers } from '../crypto/x509/path.ts';
import { revocationAt } from '../crypto/x509/revocation.ts';
import { MINUTE_MS, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { AuthorityClient } from './authority-client.ts';

interface Kept {
  readonly crl: Buffer;
  readonly untilMs: number;
}

/** A seal's chain has three certificates; a renewed one doubles that. */
const MAX_KEPT = 16;
const MAX_SKEW_MS = MINUTE_MS;

/** The CRLs of seal certificates, fetched from where each certificate says, and kept until their next update. */
export class Crls {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly client: AuthorityClient,
    private readonly clock: Clock,
  ) {}

  /**
   * The CRLs, in DER, by which the certificates of a path are not revoked now.
   * @param path from a certificate to its root, each issued by the next one; the last is not asked about
   * @throws DomainError `service.unavailable` if one is revoked, names no CRL, or its CRL cannot be fetched or does not hold
   */
  async crlsOf(path: readonly Certificate[]): Promise<readonly Buffer[]> {
    return Promise.all(withIssuers(path).map(([certificate, issuer]) => this.#crlOf(certificate, issuer)));
  }

  async #crlOf(certificate: Certificate, issuer: Certificate): Promise<Buffer> {
    const urls = attempt(() => crlUrls(certificate.extensions.all));
    const url = urls instanceof Malformed ? undefined : urls.find((each) => /^https?:\/\//.test(each));
    if (url === undefined) throw unavailable('the certificate names no CRL');
    const now = this.clock.now();
    const kept = this.#kept.get(url);
    const isCurrent = kept !== undefined && now.getTime() < kept.untilMs;
    const crl = isCurrent ? kept.crl : await this.#fetch(url);
    const revocation = attempt(() => revocationAt(certificate, issuer, [crl], now));
    if (revocation instanceof Malformed) throw unavailable(revocation.message);
    // Revoked, or the CRL is not about it or past its next update.
    if (revocation.state !== 'good') throw unavailable(`by its CRL the certificate is ${revocation.state}`);
    if (revocation.thisUpdate.getTime() > now.getTime() + MAX_SKEW_MS) throw unavailable('the CRL is of the future');
    if (!isCurrent) this.#keep(url, crl);
    return crl;
  }

  async #fetch(url: string): Promise<Buffer> {
    try {
      return await this.client.crl(url);
    } catch (cause) {
      throw unavailable(`the CRL at ${new URL(url).host} cannot be fetched`, cause);
    }
  }

  #keep(url: string, crl: Buffer): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= MAX_KEPT && !this.#kept.has(url)) this.#kept.delete(oldest);
    this.#kept.set(url, { crl, untilMs: parseCrl(crl).nextUpdate.getTime() });
  }
}

const unavailable = (log: string, cause?: unknown): DomainError =>
  new DomainError('service.unavailable', { log: `revocation of a seal's certificate: ${log}`, cause });
