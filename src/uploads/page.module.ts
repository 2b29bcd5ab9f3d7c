import { Module, type DynamicModule } from '@nestjs/common';
import { VERIFY_PAGE, type VerifyPageOptions } from './page/options.ts';
import { VerifyPageController } from './page/page.controller.ts';
import { Verdicts, type VerdictOptions } from './verdicts.ts';

/** `/verify` for people, in `sigill serve-verifier` and in the sandbox. The service itself has no users who could log in. */
@Module({})
export class VerifyPageModule {
  static forRoot(options: VerdictOptions & VerifyPageOptions): DynamicModule {
    return {
      module: VerifyPageModule,
      controllers: [VerifyPageController],
      providers: [
        { provide: VERIFY_PAGE, useValue: options },
        { provide: Verdicts, useFactory: () => new Verdicts(options) },
      ],
      exports: [VERIFY_PAGE, Verdicts],
    };
  }
}
