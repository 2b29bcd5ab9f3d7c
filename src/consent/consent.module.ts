import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { BankIdSignModule } from '../bankid-sign/bankid-sign.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { ConsentBanks } from './altered/consent-banks.ts';
import { FoundAltered } from './altered/found-altered.ts';
import { ConsentsController } from './api/consents.controller.ts';
import { Authorisations } from './authorisations.ts';
import { BackchannelSigning } from './backchannel-signing.ts';
import { RequestProgress } from './backchannel/request-progress.ts';
import { Requests } from './backchannel/requests.ts';
import { Consents } from './consents.ts';
import { Consumption } from './consumption/consumption.ts';
import { ExpirySweeper } from './expiry/expiry-sweeper.ts';
import { Expiry } from './expiry/expiry.ts';
import { UnplacedOrders } from './expiry/unplaced-orders.ts';
import { Interactions } from './interactions.ts';
import { MassExpiry } from './mass-expiry.ts';
import { Revocation } from './revocation/revocation.ts';
import { EvidenceRecords } from './settlement/evidence-records.ts';
import { OrderSettler } from './settlement/order-settler.ts';
import { OrderVerification } from './settlement/order-verification.ts';
import { RefusalCounter } from './settlement/refusal-counter.ts';
import { Settlement } from './settlement/settlement.ts';
import { Settler } from './settlement/settler.ts';
import { Signing } from './signing.ts';
import { AttemptLedger } from './signing/attempt-ledger.ts';
import { Presses } from './signing/presses.ts';
import { LookupKeysInUse } from './store/lookup-keys-in-use.ts';

/** The payment consent: pushed, bound to a browser, signed, granted, consumed once. */
@Module({
  imports: [AuditModule, BankIdSignModule, EvidenceModule],
  controllers: [ConsentsController],
  providers: [
    AttemptLedger,
    BackchannelSigning,
    Authorisations,
    ConsentBanks,
    Settlement,
    Consents,
    Consumption,
    EvidenceRecords,
    Expiry,
    ExpirySweeper,
    FoundAltered,
    Interactions,
    LookupKeysInUse,
    MassExpiry,
    OrderSettler,
    OrderVerification,
    Presses,
    RefusalCounter,
    RequestProgress,
    Requests,
    Revocation,
    Settler,
    Signing,
    UnplacedOrders,
  ],
  exports: [Authorisations, BackchannelSigning, Consents, Interactions, MassExpiry, Signing],
})
export class ConsentModule {}
