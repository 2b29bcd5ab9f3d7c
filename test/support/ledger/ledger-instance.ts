import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clients, type BankLedger, type Client } from '../../../src/clients/clients.ts';
import { Conditions } from '../../../src/health/conditions.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { SigningKeys } from '../../../src/keys/signing-keys.ts';
import { AuditLeaves } from '../../../src/ledger/audit/audit-leaves.ts';
import { ChainListCheck } from '../../../src/ledger/fsck/check-chains.ts';
import { HeadCheck } from '../../../src/ledger/fsck/check-heads.ts';
import { LeafCheck } from '../../../src/ledger/fsck/check-leaves.ts';
import { LogChecks } from '../../../src/ledger/fsck/log-checks.ts';
import { LedgerFsck } from '../../../src/ledger/ledger-fsck.ts';
import { LedgerStatus } from '../../../src/ledger/ledger-status.ts';
import { TimestampCheck } from '../../../src/ledger/timestamps/check-timestamps.ts';
import { AuthorityClient } from '../../../src/timestamps/authority-client.ts';
import { Timestamps } from '../../../src/timestamps/timestamps.ts';
import { HeadSigner } from '../../../src/ledger/heads/head-signer.ts';
import { Heads } from '../../../src/ledger/heads/heads.ts';
import { KeptHeads } from '../../../src/ledger/heads/kept-heads.ts';
import { LedgerRebuild } from '../../../src/ledger/ledger-rebuild.ts';
import { LedgerRecovery } from '../../../src/ledger/ledger-recovery.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import type { LedgerLog, LogKind } from '../../../src/ledger/log/ledger-log.ts';
import { LedgerLogs } from '../../../src/ledger/log/ledger-logs.ts';
import { KeptNumbers } from '../../../src/ledger/log/kept-numbers.ts';
import { LedgerDirectory } from '../../../src/ledger/outside/ledger-directory.ts';
import { Sequencer } from '../../../src/ledger/sequencer/sequencer.ts';
import { LedgerHealth } from '../../../src/ledger/state/ledger-health.ts';
import { Metrics } from '../../../src/operations/metrics.ts';
import type { TestDatabase } from '../database/database.ts';

export const issuer = 'https://ledger.example';

/** A key of the ledger, which all instances of an installation share. */
export function ledgerKeys(kid = 'l1'): SigningKeys {
  const privateJwk = new Secret(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  return new SigningKeys([{ kid, purpose: 'ledger', alg: 'EdDSA', privateJwk }]);
}

/** A bank as far as its ledger is concerned. */
export function bankOf(id: string, ledger?: BankLedger): Client {
  return { id, role: 'bank', resource: id, keys: [], ledger } as unknown as Client;
}

/** A folder for LEDGER_DIRECTORY, which `remove` removes. */
export function ledgerFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sigill-ledger-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The ledger of one instance, without the rest of the service. */
export class LedgerInstance {
  readonly directory: LedgerDirectory;
  readonly signer: HeadSigner;
  readonly sequencer: Sequencer;
  readonly audit: AuditLeaves;
  readonly heads: Heads;
  readonly logs: LedgerLogs;
  readonly ledger: Ledger;
  readonly recovery: LedgerRecovery;
  readonly rebuild: LedgerRebuild;
  readonly fsck: LedgerFsck;
  readonly status: LedgerStatus;

  constructor(
    { database }: TestDatabase,
    folder: string,
    keys: SigningKeys,
    readonly clients = new Clients([]),
  ) {
    this.directory = new LedgerDirectory(folder);
    this.signer = new HeadSigner(keys);
    const kept = new KeptHeads(database, this.directory, this.signer);
    this.heads = new Heads(database, this.directory, kept, this.signer);
    this.logs = new LedgerLogs(database, this.directory, clients, { issuer });
    const numbers = new KeptNumbers(this.logs, this.directory);
    const health = new LedgerHealth(systemClock, new Conditions(), new Metrics());
    this.sequencer = new Sequencer(database, numbers, health);
    this.audit = new AuditLeaves(database, numbers);
    this.rebuild = new LedgerRebuild(database, this.logs, this.directory);
    this.recovery = new LedgerRecovery(database, this.directory, this.logs, this.signer);
    const timestamps = new Timestamps([], new AuthorityClient(), new Metrics(), systemClock);
    const checks = new LogChecks(
      new HeadCheck(database, this.directory, this.signer),
      new LeafCheck(database, this.directory),
      new ChainListCheck(database),
      new TimestampCheck(database, this.directory, timestamps),
    );
    this.fsck = new LedgerFsck(database, this.logs, checks, systemClock);
    this.status = new LedgerStatus(database, this.logs, this.directory, this.signer);
    this.ledger = new Ledger(database, this.logs, this.directory, clients, this.signer);
  }

  log(bank: string, kind: LogKind = 'evidence'): Promise<LedgerLog> {
    return this.logs.openLog(bank, kind);
  }

  /** Numbers what waits, and gives the log a head. @returns how many leaves it added */
  async advance(bank: string, kind: LogKind = 'evidence'): Promise<number> {
    await this.sequencer.runOnce();
    return this.heads.advance(await this.log(bank, kind), 0);
  }
}
