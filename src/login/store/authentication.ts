import type { Environment } from '../../kernel/environment.ts';
import type { ClientId, EvidenceId, LoginId, OrderId } from '../../kernel/ids.ts';

/** A row of `authentication`, written with its evidence. */
export interface NewAuthentication {
  readonly loginId: LoginId;
  readonly evidenceId: EvidenceId;
  readonly evidenceDigest: Buffer;
  readonly orderId: OrderId;
  readonly environment: Environment;
  readonly clientId: ClientId;
  readonly subject: string;
  readonly personSealed: Buffer;
  readonly mac: Buffer;
  readonly signedAt: Date;
  readonly authenticatedAt: Date;
}
