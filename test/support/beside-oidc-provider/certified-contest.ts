import { join } from 'node:path';
import { fetch as undiciFetch } from 'undici';
import { clientSubject, SandboxTls, type KeyedCertificate } from '../../../sandbox/tls.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { fetchWith } from '../parties/certificate-tpp.ts';
import { payment } from '../parties/payment.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { newVerifier, RawClient, type Fields, type Line } from '../parties/raw-client.ts';
import { codeOf, Contest, redirect } from './contest.ts';
import type { Side } from './verdict.ts';

/** A contest over TLS: both servers judge what OpenSSL tells them of a certificate, and nothing comes in a header. */
export class CertifiedContest {
  readonly contest: Contest;
  /** The authority that both servers were told of. */
  readonly tls: SandboxTls;
  /** Of the same shape, and not registered. */
  readonly foreignTls: SandboxTls;
  readonly own: KeyedCertificate;
  readonly #ourOrigin: string;

  private constructor(
    contest: Contest,
    certificates: Pick<CertifiedContest, 'tls' | 'foreignTls' | 'own'>,
    ourOrigin: string,
  ) {
    this.contest = contest;
    this.tls = certificates.tls;
    this.foreignTls = certificates.foreignTls;
    this.own = certificates.own;
    this.#ourOrigin = ourOrigin;
  }

  static async open(): Promise<CertifiedContest> {
    const contest = await Contest.open({ takesCertificates: true });
    const { steps } = contest;
    const tls = await SandboxTls.open(steps.folder);
    const foreignTls = await SandboxTls.open(join(steps.folder, 'elsewhere'));
    const own = await tls.clientCertificate(steps.clients.certificateTpp.id);
    const { body } = await steps.tpp.get('/.well-known/oauth-authorization-server');
    const aliases = body['mtls_endpoint_aliases'] as { readonly token_endpoint: string };
    return new CertifiedContest(contest, { tls, foreignTls, own }, new URL(aliases.token_endpoint).origin);
  }

  close(): Promise<void> {
    return this.contest.close();
  }

  get subject(): string {
    return clientSubject(this.contest.steps.clients.certificateTpp.id);
  }

  /** Where this server takes certificates. */
  originOf(side: Side): string {
    return side === this.contest.ours ? this.#ourOrigin : this.contest.peerMtlsOrigin;
  }

  /** The TPP over a connection with this certificate, or with none. */
  connect(side: Side, certificate: KeyedCertificate | undefined): Promise<RawClient> {
    const { ours, steps } = this.contest;
    const send = certificate ? fetchWith(certificate) : undiciFetch;
    const line = { origin: this.originOf(side), fetch: send as Line['fetch'] };
    const { certificateTpp } = steps.clients;
    return side === ours
      ? steps.connect('certificateTpp', line)
      : RawClient.create(certificateTpp, side.tpp.issuer, systemClock, line);
  }

  /** A form over a connection with this certificate, by a client that says who it is and proves it no other way. */
  async post(
    side: Side,
    path: string,
    { certificate, fields }: { readonly certificate: KeyedCertificate | undefined; readonly fields: Fields },
  ): Promise<RawAnswer> {
    const client = await this.connect(side, certificate);
    return client.post(path, { client_id: client.id, ...fields });
  }

  /** A consent of this TPP that its payer signed: the form that redeems its code. */
  async coded(side: Side, changes: Fields = {}): Promise<Fields> {
    const codeVerifier = newVerifier();
    const fields = { ...side.certified.pushFields(payment, codeVerifier), ...redirect, ...changes };
    const pushed = await this.post(side, side.par, { certificate: this.own, fields });
    const code = await codeOf(side, side.certified, pushed);
    return { ...side.certified.redemption(code, { codeVerifier }), ...redirect };
  }

  redeem(side: Side, fields: Fields, certificate: KeyedCertificate | undefined): Promise<RawAnswer> {
    return this.post(side, '/token', { certificate, fields });
  }
}
