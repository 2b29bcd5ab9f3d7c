import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OpenRequests } from './access.ts';
import { AccessGuard } from './access/access.guard.ts';
import { CallerProof } from './access/caller-proof.ts';
import { KeyProof } from './access/key-proof.ts';
import { ProofSweeper } from './replay/proof-sweeper.ts';
import { RouteRules } from './access/route-rules.ts';
import { MtlsListener } from './certificate/mtls-listener.ts';
import { ClientCertificateAuthentication } from './client-certificate-authentication.ts';
import { ClientCertificates } from './certificate/client-certificates.ts';
import { ClientRates } from './client-rates.ts';
import { CredentialHeaders } from './credential-headers.ts';
import { DpopNonces } from './proof/dpop-nonces.ts';
import { ProofOfPossession } from './proof-of-possession.ts';
import { ClaimRecord } from './replay/claim-record.ts';
import { Replay } from './replay.ts';

/** Authentication of callers; its guard protects every route of the application. */
@Global()
@Module({
  providers: [
    ClientCertificates,
    ClientCertificateAuthentication,
    ClientRates,
    DpopNonces,
    CredentialHeaders,
    ProofOfPossession,
    CallerProof,
    KeyProof,
    MtlsListener,
    OpenRequests,
    RouteRules,
    ProofSweeper,
    ClaimRecord,
    Replay,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ClientCertificateAuthentication, ClientRates, OpenRequests, ProofOfPossession, Replay],
})
export class ClientAuthModule {}
