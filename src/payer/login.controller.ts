import { Inject } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { InteractionController, PagesOf } from './interaction.controller.ts';
import { LoginService } from './login.service.ts';
import { LoginStatusService } from './login-status.service.ts';

/** The pages of one login. */
@PagesOf('login')
export class LoginController extends InteractionController {
  protected readonly root = 'login';

  constructor(pages: LoginService, statuses: LoginStatusService, @Inject(CONFIG) config: AppConfig) {
    super(pages, statuses, config);
  }
}
