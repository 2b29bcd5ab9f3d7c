import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.ts';
import { PayerAssetsController } from './payer-assets.controller.ts';
import { LoginModule } from '../login/login.module.ts';
import { LoginController } from './login.controller.ts';
import { LoginService } from './login.service.ts';
import { LoginStatusService } from './login-status.service.ts';
import { PayerController } from './payer.controller.ts';
import { WaitingPages } from './flow/waiting-pages.ts';
import { PayerService } from './payer.service.ts';
import { StatusService } from './status.service.ts';

/** The pages that the payer sees. */
@Module({
  imports: [ConsentModule, LoginModule],
  // The assets first, because their path also matches that of an interaction.
  controllers: [PayerAssetsController, PayerController, LoginController],
  providers: [PayerService, StatusService, LoginService, LoginStatusService, WaitingPages],
})
export class PayerModule {}
