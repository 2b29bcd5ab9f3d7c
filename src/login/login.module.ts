import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { BankIdSignModule } from '../bankid-sign/bankid-sign.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { Authentications } from './authentications.ts';
import { AttemptLedger } from './browser/attempt-ledger.ts';
import { BrowserPresses } from './browser/browser-presses.ts';
import { LoginExpirySweeper } from './expiry/expiry-sweeper.ts';
import { Expiry } from './expiry/expiry.ts';
import { LoginInteractions } from './login-interactions.ts';
import { LoginSigning } from './login-signing.ts';
import { Logins } from './logins.ts';
import { LoginMassExpiry } from './mass-expiry.ts';
import { Endings } from './press/endings.ts';
import { LoginOrders } from './press/login-orders.ts';
import { Presses } from './press/presses.ts';
import { Requests } from './press/requests.ts';
import { Starts } from './press/starts.ts';
import { UnplacedOrders } from './press/unplaced-orders.ts';
import { EvidenceRecords } from './settlement/evidence-records.ts';
import { LoginSettler } from './settlement/login-settler.ts';
import { OrderSettler } from './settlement/order-settler.ts';
import { OrderVerification } from './settlement/order-verification.ts';
import { Settlement } from './settlement/settlement.ts';
import { LookupKeysInUse } from './store/lookup-keys-in-use.ts';

/** Logins by BankID: asked for, identified, told to their client. Nothing here knows of payments. */
@Module({
  imports: [AuditModule, BankIdSignModule, EvidenceModule],
  providers: [
    AttemptLedger,
    Authentications,
    BrowserPresses,
    Endings,
    EvidenceRecords,
    Expiry,
    LoginExpirySweeper,
    LoginInteractions,
    LoginMassExpiry,
    LoginOrders,
    LoginSettler,
    LoginSigning,
    Logins,
    LookupKeysInUse,
    OrderSettler,
    OrderVerification,
    Presses,
    Requests,
    Settlement,
    Starts,
    UnplacedOrders,
  ],
  exports: [Authentications, LoginInteractions, LoginMassExpiry, LoginSigning, Logins],
})
export class LoginModule {}
