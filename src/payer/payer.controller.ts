import { Inject } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { InteractionController, PagesOf } from './interaction.controller.ts';
import { PayerService } from './payer.service.ts';
import { StatusService } from './status.service.ts';

/** The pages of one payment. */
@PagesOf('pay')
export class PayerController extends InteractionController {
  protected readonly root = 'pay';

  constructor(pages: PayerService, statuses: StatusService, @Inject(CONFIG) config: AppConfig) {
    super(pages, statuses, config);
  }
}
