import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.ts';
import { PayerAssetsController } from './payer-assets.controller.ts';
import { PayerController } from './payer.controller.ts';
import { WaitingPages } from './flow/waiting-pages.ts';
import { PayerService } from './payer.service.ts';
import { StatusService } from './status.service.ts';

/** The pages that the payer sees. */
@Module({
  imports: [ConsentModule],
  // The assets first, because their path also matches that of an interaction.
  controllers: [PayerAssetsController, PayerController],
  providers: [PayerService, StatusService, WaitingPages],
})
export class PayerModule {}
