import { payment } from '../parties/payment.ts';
import type { RawAnswer } from '../parties/exchange.ts';
import { newVerifier, type Fields, type RawClient } from '../parties/raw-client.ts';
import { TokenSteps } from '../token/token-steps.ts';
import { Peer, peerCallback, type PeerOptions } from './peer.ts';
import { verdict, type Case, type Side } from './verdict.ts';

/** Pushed to ours, registered with the other, which takes no http address of a confidential client. */
export const redirect = { redirect_uri: peerCallback };

/** A code with all that redeems it. */
export interface Redeemable {
  readonly client: RawClient;
  readonly form: Record<string, string>;
}

/** Our server and oidc-provider, asked the same. */
export class Contest {
  readonly steps: TokenSteps;
  readonly ours: Side;
  readonly theirs: Side;
  readonly #peer: Peer;

  private constructor(steps: TokenSteps, peer: Peer, ours: Side, theirs: Side) {
    this.steps = steps;
    this.ours = ours;
    this.theirs = theirs;
    this.#peer = peer;
  }

  static async open(options: PeerOptions = {}): Promise<Contest> {
    const steps = await TokenSteps.start(options.takesCertificates === true ? { tls: true } : {});
    const peer = await Peer.open(steps, options);
    const { tpp, otherTpp, bank, otherBank } = steps.parties;
    const ours: Side = {
      ...{ tpp, otherTpp, bank, otherBank },
      signer: await steps.connect('signingTpp'),
      certified: await steps.connect('certificateTpp'),
      ...{ par: '/par', introspect: '/introspect', revoke: '/revoke', jwks: '/jwks' },
      returnOf: (requestUri, clientId) => steps.returnOf({ requestUri }, clientId),
    };
    const theirs: Side = {
      ...peer.clients,
      ...{ par: '/request', introspect: '/token/introspection', revoke: '/token/revocation', jwks: '/jwks' },
      returnOf: (requestUri, clientId) => peer.returnOf(requestUri, clientId),
    };
    return new Contest(steps, peer, ours, theirs);
  }

  /** Where oidc-provider takes certificates. */
  get peerMtlsOrigin(): string {
    return this.#peer.mtlsOrigin;
  }

  async close(): Promise<void> {
    await this.#peer.close();
    await this.steps.stop();
  }

  /** The verdicts are those expected, and ours is the laxer only where the case admits it. */
  async compare(one: Case, request: (side: Side) => Promise<RawAnswer>, judge = verdict): Promise<void> {
    const { ours, theirs = ours, isLaxer = false } = one;
    await this.observe({ ours, theirs }, async (side) => judge(await request(side)));
    expect({ isLaxer: ours === 'accepted' && theirs !== 'accepted' }).toEqual({ isLaxer });
  }

  /** What there is to see on either side. */
  async observe(
    expected: { readonly ours: unknown; readonly theirs: unknown },
    look: (side: Side) => Promise<unknown>,
  ): Promise<void> {
    expect({ ours: await look(this.ours), theirs: await look(this.theirs) }).toEqual(expected);
  }

  /** The same on both sides. */
  async agree(expected: unknown, look: (side: Side) => Promise<unknown>): Promise<void> {
    await this.observe({ ours: expected, theirs: expected }, look);
  }

  /** A consent that its payer signed, up to the code. */
  async redeemable(side: Side, changes: Fields = {}, client = side.tpp): Promise<Redeemable> {
    const codeVerifier = newVerifier();
    const fields = { ...client.pushFields(payment, codeVerifier), ...redirect, ...changes };
    const pushed = await client.postAs(side.par, fields);
    const code = await codeOf(side, client, pushed);
    return { client, form: { ...client.redemption(code, { codeVerifier }), ...redirect } };
  }

  /** What the token endpoint says to a code that is right. */
  async redeemed(side: Side, changes: Fields = {}): Promise<RawAnswer['body']> {
    const { client, form } = await this.redeemable(side, changes);
    const { status, body, text } = await client.postAs('/token', form);
    if (status !== 200) throw new Error(`no token: ${status} ${text}`);
    return body;
  }
}

/** The code for what was pushed, once its payer has said yes. */
export async function codeOf(side: Side, client: RawClient, pushed: RawAnswer): Promise<string> {
  if (pushed.status !== 201) throw new Error(`the push answered ${pushed.status}: ${pushed.text}`);
  const returned = await side.returnOf(String(pushed.body['request_uri']), client.id);
  const code = returned.searchParams.get('code');
  if (code === null) throw new Error(`no code in ${returned.href}`);
  return code;
}
