import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clients, type IdentityProvider } from '../../clients/clients.ts';
import { Database, type Tx } from '../../database/database.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { signatorySubject } from '../../kernel/subject.ts';
import { Envelope } from '../../vault/envelope.ts';
import { insertApprover } from './approve-export.repository.ts';
import {
  findSignatory,
  insertRequester,
  type NewSignatory,
  type SignatoryPart,
  type StoredSignatory,
} from './export-signatory.repository.ts';
import { verifyIdToken, type Signatory } from './id-token.ts';
import { ProviderKeys } from './provider-keys.ts';
import { statementOf, statementOfText, type Statement } from './statement.ts';

/** A signature that is kept, opened. */
export interface KeptSignature extends Pick<Signatory, 'issuer' | 'clientId' | 'subject' | 'tokenSha256'> {
  readonly signedAt: Date;
  readonly statement: Statement;
  readonly idToken: string;
  /** The public key under which it verifies. */
  readonly jwk: JsonObject;
}

/** What was signed, by whom, and when. */
export interface NewSignature {
  readonly exportId: string;
  readonly statement: Statement;
  readonly by: Signatory;
  readonly at: Date;
}

/** The persons who order and approve exports, and the tokens that prove it, each sealed under a data key of its own. */
@Injectable()
export class Signatories {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly clients: Clients,
    private readonly keys: ProviderKeys,
  ) {}

  /** @throws DomainError `export.no-approver` where the bank has registered none */
  providerOf(bank: string): IdentityProvider {
    const provider = this.clients.findClient(bank)?.identityProvider;
    if (!provider) throw new DomainError('export.no-approver');
    return provider;
  }

  /**
   * The person who orders, by a token over the order as the client sent it.
   * @returns undefined where none is named, and the bank wants none
   * @throws DomainError `export.requester-needed` with what is needed for a token; what {@link verify} throws
   */
  async identifyRequester(
    idToken: string | undefined,
    { bank, client, order }: { readonly bank: string; readonly client: string; readonly order: JsonObject },
    at: Date,
  ): Promise<Omit<NewSignature, 'exportId'> | undefined> {
    const provider = this.providerOf(bank);
    const statement = statementOf({ type: 'sigill-export-order', v: 1, bank, client, order });
    if (idToken !== undefined) return { statement, by: await this.verify(idToken, provider, statement, at), at };
    if (provider.unnamedRequester) return undefined;
    const { issuer, clientId } = provider;
    throw new DomainError('export.requester-needed', { extra: { issuer, clientId, nonce: statement.nonce } });
  }

  /** Verifies a token over a statement. @throws what {@link verifyIdToken} throws */
  async verify(idToken: string, provider: IdentityProvider, { nonce }: Statement, now: Date): Promise<Signatory> {
    return verifyIdToken(idToken, provider, nonce, { keys: await this.keys.of(provider), now });
  }

  /** With the order, in its transaction. @throws DomainError `approval.replayed` */
  async addRequester(tx: Tx, signature: NewSignature): Promise<void> {
    await insertRequester(tx, this.#seal('requester', signature));
  }

  /**
   * The approval, which lets the order go on.
   * @returns false if it no longer awaited one
   * @throws DomainError `approval.replayed`
   */
  async addApprover(tx: Tx, bank: string, signature: NewSignature): Promise<boolean> {
    return insertApprover(tx, bank, this.#seal('approver', signature));
  }

  /** @throws DomainError `service.key-missing`, and where the row was altered */
  async find(exportId: string, part: SignatoryPart): Promise<KeptSignature | undefined> {
    const stored = await findSignatory(this.database, exportId, part);
    return stored && (await this.#open(exportId, part, stored));
  }

  #seal(part: SignatoryPart, { exportId, statement, by, at }: NewSignature): NewSignatory {
    const { key, stored } = this.envelope.newDataKey(signatorySubject(exportId, part));
    const { clientId, subject, proof } = by;
    const kept: Kept = { statement: statement.text, clientId, subject, ...proof };
    return {
      key: stored,
      exportId,
      issuer: by.issuer,
      tokenSha256: by.tokenSha256,
      signedAt: at,
      proofSealed: key.seal(PROOF, exportId, Buffer.from(JSON.stringify(kept), 'utf8')),
    };
  }

  async #open(exportId: string, part: SignatoryPart, stored: StoredSignatory): Promise<KeptSignature | undefined> {
    const key = await this.envelope.findDataKey(this.database, signatorySubject(exportId, part));
    if (!key) return undefined;
    const kept = JSON.parse(key.open(PROOF, exportId, stored.proofSealed).toString('utf8')) as Kept;
    const { issuer, signedAt, tokenSha256 } = stored;
    const { statement, idToken } = kept;
    if (!createHash('sha256').update(idToken).digest().equals(tokenSha256))
      throw new Error('a kept id_token is not the one that its row names');
    return { ...kept, issuer, signedAt, tokenSha256, statement: statementOfText(statement) };
  }
}

const PROOF = 'export-signatory';

/** What is sealed of a signature. */
interface Kept {
  readonly statement: string;
  readonly clientId: string;
  readonly subject: string;
  readonly idToken: string;
  readonly jwk: JsonObject;
}
