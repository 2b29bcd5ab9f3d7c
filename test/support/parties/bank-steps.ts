import { createHash } from 'node:crypto';
import type { InitiationJson } from '../../../sandbox/tpp.ts';
import { PayerSteps } from './payer-steps.ts';
import type { RawAnswer } from './exchange.ts';
import type { RawClient } from './raw-client.ts';
import { anna, payment, type TestSystemOptions } from '../system/system.ts';

/** A consent that Anna has signed and whose token the TPP has shown to the bank. */
export interface Entitled {
  readonly consentId: string;
  readonly token: string;
}

/** A payment as banks live it: right, wrong, late, and by the wrong bank. */
export class BankSteps {
  readonly payer: PayerSteps;

  private constructor(payer: PayerSteps) {
    this.payer = payer;
  }

  static async start(options?: TestSystemOptions): Promise<BankSteps> {
    return new BankSteps(await PayerSteps.start(options));
  }

  stop(): Promise<void> {
    return this.payer.stop();
  }

  get parties(): PayerSteps['parties'] {
    return this.payer.parties;
  }

  async entitled(initiation?: InitiationJson): Promise<Entitled> {
    const { pushed, token } = await this.payer.paid(initiation, { login_hint: `personnummer:${anna}` });
    return { consentId: pushed.consentId, token };
  }

  /** The call that a bank makes to consume; `changes` replaces members, undefined leaves one out. */
  consumption({ token }: Entitled, paymentReference: string, changes: object = {}): object {
    return {
      accessTokenSha256: createHash('sha256').update(token).digest('base64url'),
      payment,
      payer: { personalNumber: anna },
      paymentReference,
      ...changes,
    };
  }

  async consume({ consentId }: Entitled, body: object, bank: RawClient = this.parties.bank): Promise<RawAnswer> {
    return bank.call(await bank.machineToken('consume'), 'POST', `/consents/${consentId}/consume`, { body });
  }

  async report({ consentId }: Entitled, body: object, bank: RawClient = this.parties.bank): Promise<RawAnswer> {
    return bank.call(await bank.machineToken('consume'), 'POST', `/consents/${consentId}/execution`, { body });
  }

  async revoke({ consentId }: Entitled, by: RawClient): Promise<RawAnswer> {
    return by.call(await by.machineToken('consents'), 'DELETE', `/consents/${consentId}`);
  }

  /** @param purpose undefined: the header is left out */
  async read(path: string, purpose?: string, by: RawClient = this.parties.bank): Promise<RawAnswer> {
    const headers = purpose === undefined ? {} : { 'sigill-purpose': purpose };
    return by.call(await by.machineToken('evidence'), 'GET', path, { headers });
  }

  introspect({ token }: Pick<Entitled, 'token'>, by: RawClient = this.parties.bank): Promise<RawAnswer> {
    return by.postAs('/introspect', { token });
  }

  /** Everything that the database holds of a consent. */
  async rowOf({ consentId }: Entitled): Promise<Readonly<Record<string, unknown>>> {
    const sql = `select c.*, (select count(*)::int from access_token t where t.consent_id = c.id and revoked_at is null) as tokens
                   from consent c where id = $1`;
    return (await this.payer.world.database.asOwner(sql, [consentId]))[0] ?? {};
  }

  /** The names of the events in the consent's chain, oldest first. */
  async events({ consentId }: Entitled): Promise<readonly string[]> {
    const sql = `select type from audit_event where subject like '%' || $1 order by seq`;
    return (await this.payer.world.database.asOwner(sql, [consentId])).map(({ type }) => String(type));
  }
}
