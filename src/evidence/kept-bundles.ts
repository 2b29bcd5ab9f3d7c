import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.ts';
import { LEAST_UUID, type EvidenceId } from '../kernel/ids.ts';
import { consentSubject } from '../kernel/subject.ts';
import { Database, type Scope, type Tx } from '../database/database.ts';
import { compress, decompress } from '../vault/compressed.ts';
import { Envelope, type DataKey } from '../vault/envelope.ts';
import {
  insertBundlePart,
  selectBundleOwners,
  selectBundleParts,
  type BundleOwner,
} from './store/attachment.repository.ts';

/** Kind of what is sealed under the data key of the consent: the container and its further seals alike. */
const BUNDLE = 'bundle';

const PAGE = 100;

/**
 * The bundles that were handed out, kept byte for byte: an evidence has one, and all who ask for it get the same. Compressed, and
 * sealed with the data key of the consent, so that erasing the key erases them too.
 */
@Injectable()
export class KeptBundles {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
  ) {}

  /**
   * The container with its first seal, then the seals that were added to it; empty if none was made yet.
   * @throws DomainError `evidence.not-found` if the data key was destroyed
   */
  async findParts(owner: BundleOwner, scope: Scope = this.database): Promise<readonly Buffer[]> {
    const found = await selectBundleParts(scope, owner.evidenceId);
    if (found.length === 0) return [];
    const key = await this.#keyOf(scope, owner);
    return found.map(({ number, sealed }) => decompress(key.open(BUNDLE, placeOf(owner, number), sealed)));
  }

  /**
   * Keeps a part: 1 is the container with its first seal, the others are further seals. One SELECT and one INSERT.
   * @returns false if a part of this number is kept already; that one stays
   * @throws DomainError `evidence.not-found` if the data key was destroyed
   */
  async keepPart(tx: Tx, owner: BundleOwner, number: number, part: Buffer, at: Date): Promise<boolean> {
    const key = await this.#keyOf(tx, owner);
    const sealed = key.seal(BUNDLE, placeOf(owner, number), compress(part));
    return insertBundlePart(tx, owner.evidenceId, { number, sealed }, at);
  }

  /** All evidence that has a bundle, page by page. */
  async *listOwners(): AsyncGenerator<BundleOwner> {
    let after = LEAST_UUID as EvidenceId;
    for (;;) {
      const page = await selectBundleOwners(this.database, after, PAGE);
      yield* page;
      const last = page[PAGE - 1];
      if (!last) return;
      after = last.evidenceId;
    }
  }

  async #keyOf(scope: Scope, { bank, consentId }: BundleOwner): Promise<DataKey> {
    const key = await this.envelope.findDataKey(scope, consentSubject(bank, consentId));
    if (!key) throw new DomainError('evidence.not-found');
    return key;
  }
}

function placeOf({ evidenceId }: BundleOwner, number: number): string {
  return `${evidenceId}:${number}`;
}
