import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { ConsentModule } from '../consent/consent.module.ts';
import { LoginModule } from '../login/login.module.ts';
import { KeysModule } from '../keys/keys.module.ts';
import { AuthorizeController } from './authorize/authorize.controller.ts';
import { AuthorizeService } from './authorize/authorize.service.ts';
import { LoginReturnService } from './authorize/login-return.service.ts';
import { ReturnService } from './authorize/return.service.ts';
import { IntrospectionController } from './introspect/introspection.controller.ts';
import { IntrospectionService } from './introspect/introspection.service.ts';
import { SignedIntrospection } from './introspect/signed-introspection.ts';
import { TokenLookup } from './introspect/token-lookup.ts';
import { BackchannelController } from './backchannel/backchannel.controller.ts';
import { BackchannelRequests } from './backchannel/backchannel-requests.ts';
import { BackchannelService } from './backchannel/backchannel.service.ts';
import { Notifier } from './backchannel/ping/notifier.ts';
import { PingDelivery } from './backchannel/ping/ping-delivery.ts';
import { PingWorker } from './backchannel/ping/ping-worker.ts';
import { PollSweeper } from './backchannel/polling/poll-sweeper.ts';
import { Polls } from './backchannel/polling/polls.ts';
import { Purposes } from './backchannel/purposes.ts';
import { RequestChecks } from './backchannel/request-checks.ts';
import { RequestKeys } from './backchannel/request-keys.ts';
import { HeldRequests } from './backchannel/resource/held-requests.ts';
import { HeldRequestsController } from './backchannel/resource/held-requests.controller.ts';
import { MetadataController } from './metadata/metadata.controller.ts';
import { Callers } from './oauth/callers.ts';
import { ClientAuthenticator } from './oauth/client-authenticator.ts';
import { TokenBindings } from './oauth/token-bindings.ts';
import { AskedLogins } from './openid/asked-logins.ts';
import { IdempotentPushes } from './par/idempotent-pushes.ts';
import { KeySweeper } from './par/key-sweeper.ts';
import { LoginPushes } from './par/login-pushes.ts';
import { ParController } from './par/par.controller.ts';
import { ParService } from './par/par.service.ts';
import { PaymentPushes } from './par/payment-pushes.ts';
import { PushedRequests } from './par/pushed-requests.ts';
import { Recovery } from './recovery.ts';
import { OwnConsentController } from './resource/own-consent.controller.ts';
import { RevocationController } from './revoke/revocation.controller.ts';
import { RevocationService } from './revoke/revocation.service.ts';
import { AuthorizationCodeGrant } from './token/authorization-code-grant.ts';
import { CibaGrant } from './token/ciba-grant.ts';
import { CibaLoginGrant } from './token/ciba-login-grant.ts';
import { CibaPaymentGrant } from './token/ciba-payment-grant.ts';
import { ClientCredentialsGrant } from './token/client-credentials-grant.ts';
import { CodeGrant } from './token/code-grant.ts';
import { IdTokens } from './token/id-tokens.ts';
import { LoginCodeGrant } from './token/login-code-grant.ts';
import { TokenController } from './token/token.controller.ts';
import { TokenService } from './token/token.service.ts';
import { SignedUserinfo } from './userinfo/signed-userinfo.ts';
import { UserinfoController } from './userinfo/userinfo.controller.ts';
import { UserinfoService } from './userinfo/userinfo.service.ts';

/** The FAPI 2.0 authorization server. The application must not read bodies, because the endpoints read forms from them. */
@Module({
  imports: [AuditModule, ConsentModule, KeysModule, LoginModule],
  controllers: [
    MetadataController,
    ParController,
    AuthorizeController,
    TokenController,
    IntrospectionController,
    RevocationController,
    OwnConsentController,
    BackchannelController,
    HeldRequestsController,
    UserinfoController,
  ],
  providers: [
    ClientAuthenticator,
    Callers,
    TokenBindings,
    ParService,
    PaymentPushes,
    PushedRequests,
    LoginPushes,
    IdempotentPushes,
    KeySweeper,
    AuthorizeService,
    ReturnService,
    LoginReturnService,
    TokenService,
    CodeGrant,
    AuthorizationCodeGrant,
    LoginCodeGrant,
    AskedLogins,
    ClientCredentialsGrant,
    CibaGrant,
    CibaLoginGrant,
    CibaPaymentGrant,
    Polls,
    BackchannelService,
    RequestChecks,
    BackchannelRequests,
    RequestKeys,
    Purposes,
    HeldRequests,
    PollSweeper,
    Notifier,
    PingDelivery,
    PingWorker,
    IdTokens,
    IntrospectionService,
    SignedIntrospection,
    TokenLookup,
    RevocationService,
    UserinfoService,
    SignedUserinfo,
    Recovery,
  ],
})
export class TokenModule {}
