import type { Spoilt } from '../parties/raw-client.ts';
import { Contest, redirect } from './contest.ts';
import { ObjectSigner } from '../token/object-signer.ts';
import type { Case, Side } from './verdict.ts';

/** The error for a signed request that is not taken. */
export const denied = 'invalid_request_object';

export type SpoiltCase = Case & { readonly make: (side: Side) => Promise<Spoilt> | Spoilt };

/** A contest in which requests come signed. */
export class RequestContest {
  readonly contest: Contest;
  readonly #signers: ReadonlyMap<Side, ObjectSigner>;

  private constructor(contest: Contest, signers: ReadonlyMap<Side, ObjectSigner>) {
    this.contest = contest;
    this.#signers = signers;
  }

  static async open(): Promise<RequestContest> {
    const contest = await Contest.open();
    const signers = new Map<Side, ObjectSigner>();
    for (const side of [contest.ours, contest.theirs]) {
      signers.set(side, await ObjectSigner.create(side.signer, contest.steps.clients.signingTpp, redirect));
    }
    return new RequestContest(contest, signers);
  }

  close(): Promise<void> {
    return this.contest.close();
  }

  objectsOf(side: Side): ObjectSigner {
    const signer = this.#signers.get(side);
    if (!signer) throw new Error('a side of another contest');
    return signer;
  }

  /** Pushes a request that is signed, but for what the case spoils. */
  comparePush(one: SpoiltCase): Promise<void> {
    return this.contest.compare(one, async (side) =>
      side.signer.postAs(side.par, { request: await this.objectsOf(side).sign(await one.make(side)) }),
    );
  }
}
