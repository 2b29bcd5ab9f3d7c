import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/keys.module.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { ClientAuthModule } from '../client-auth/client-auth.module.ts';
import { TimestampsModule } from '../timestamps/timestamps.module.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { AuditLeaves } from './audit/audit-leaves.ts';
import { ChainListCheck } from './fsck/check-chains.ts';
import { HeadCheck } from './fsck/check-heads.ts';
import { LeafCheck } from './fsck/check-leaves.ts';
import { LogChecks } from './fsck/log-checks.ts';
import { HeadRounds } from './heads/head-rounds.ts';
import { HeadSigner } from './heads/head-signer.ts';
import { Heads } from './heads/heads.ts';
import { KeptHeads } from './heads/kept-heads.ts';
import { KeptErasures } from './kept-erasures.ts';
import { LedgerFsck } from './ledger-fsck.ts';
import { LedgerRebuild } from './ledger-rebuild.ts';
import { LedgerRecovery } from './ledger-recovery.ts';
import { LedgerReturns } from './ledger-returns.ts';
import { LedgerStatus } from './ledger-status.ts';
import { LedgerWorkers } from './ledger-workers.ts';
import { LedgerController } from './ledger.controller.ts';
import { Ledger } from './ledger.ts';
import { KeptNumbers } from './log/kept-numbers.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { Sequencer } from './sequencer/sequencer.ts';
import { ServedLogs } from './serve/served-logs.ts';
import { WaitingEvidence } from './sequencer/waiting-evidence.ts';
import { LedgerHealth } from './state/ledger-health.ts';
import { TimestampRenewal } from './timestamp-renewal.ts';
import { TimestampCheck } from './timestamps/check-timestamps.ts';
import { DailyTimestamps } from './timestamps/daily-timestamps.ts';
import { TimestampHealth } from './timestamps/timestamp-health.ts';
import { TimestampWorker } from './timestamps/timestamp-worker.ts';
import { Cosigner } from './witnesses/cosigner.ts';
import { WitnessHealth } from './witnesses/witness-health.ts';
import { WitnessWorker } from './witnesses/witness-worker.ts';

@Module({
  imports: [AuditModule, ClientAuthModule, KeysModule, TimestampsModule],
  controllers: [LedgerController],
  providers: [
    {
      provide: LedgerDirectory,
      useFactory: ({ ledger }: AppConfig) => new LedgerDirectory(ledger.directory),
      inject: [CONFIG],
    },
    {
      provide: KeptErasures,
      useFactory: ({ ledger }: AppConfig) => new KeptErasures(ledger.directory),
      inject: [CONFIG],
    },
    AuditLeaves,
    ChainListCheck,
    Cosigner,
    HeadCheck,
    LeafCheck,
    LedgerFsck,
    LedgerReturns,
    LedgerStatus,
    LogChecks,
    DailyTimestamps,
    HeadRounds,
    HeadSigner,
    Heads,
    KeptHeads,
    KeptNumbers,
    Ledger,
    LedgerHealth,
    LedgerLogs,
    LedgerRebuild,
    LedgerRecovery,
    LedgerWorkers,
    Sequencer,
    ServedLogs,
    TimestampCheck,
    TimestampHealth,
    TimestampRenewal,
    TimestampWorker,
    WaitingEvidence,
    WitnessHealth,
    WitnessWorker,
  ],
  exports: [KeptErasures, Ledger, TimestampRenewal],
})
export class LedgerModule {}
