import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { rpCertificates } from '../config/rp-certificates.ts';
import { DomainError } from '../kernel/errors.ts';
import { Metrics } from '../operations/metrics.ts';
import { relyingPartyName } from './relying-party-name.ts';
import { bankIdAgent } from './rp-api/connect.ts';
import { RpClient } from './rp-api/rp-client.ts';
import { TIMINGS, type Timings } from './timings.ts';

/** 2,000 pending orders need 1,000 collects a second, at most 128 of them in flight; the others are for orders and cancels. */
const CONNECTIONS = 160;

/** The holder of an RP certificate. BankID gives an order only to the certificate that placed it. */
interface RelyingParty {
  /** How BankID calls it in what the payer signs. */
  readonly name: string;
  readonly client: RpClient;
}

/** The ring of RP certificates, each with connections of its own. */
@Injectable()
export class RelyingParties implements OnApplicationShutdown {
  readonly #parties: ReadonlyMap<string, RelyingParty>;

  constructor(@Inject(CONFIG) { bankid }: AppConfig, @Inject(TIMINGS) timings: Timings, metrics: Metrics) {
    const parties = [...rpCertificates(bankid)].map(([id, { client, certificate }]) => {
      const agent = bankIdAgent({ ...bankid, client }, CONNECTIONS);
      const rpClient = new RpClient(bankid.url, agent, timings.httpTimeoutMs, metrics);
      return [id, { name: relyingPartyName(certificate), client: rpClient }] as const;
    });
    this.#parties = new Map(parties);
  }

  /** All of the ring. */
  get ids(): readonly string[] {
    return [...this.#parties.keys()];
  }

  /** @throws DomainError `bankid.unavailable` when the ring has no such certificate (any more) */
  get(id: string): RelyingParty {
    const party = this.#parties.get(id);
    if (party) return party;
    throw new DomainError('bankid.unavailable', {
      log: `the ring has no RP certificate "${id}" (BANKID_CERTIFICATES_FILE)`,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#parties.values()].map(({ client }) => client.close()));
  }
}
