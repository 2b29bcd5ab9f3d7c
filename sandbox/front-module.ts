import { Controller, Get, Inject, Module, Redirect, type DynamicModule } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ChangesNothing, OpenToAll } from '../src/http/route-declaration.ts';

const FIRST_PAGE = 'FIRST_PAGE';

/** The service has no page at `/`: who opens its address in the sandbox is led to the sandbox's first page. */
@ApiExcludeController()
@OpenToAll()
@Controller()
class FrontController {
  constructor(@Inject(FIRST_PAGE) private readonly url: string) {}

  @Get()
  @ChangesNothing()
  @Redirect()
  lead(): { readonly url: string; readonly statusCode: number } {
    return { url: this.url, statusCode: 303 };
  }
}

@Module({})
export class FrontModule {
  static leadingTo(url: string): DynamicModule {
    return { module: FrontModule, controllers: [FrontController], providers: [{ provide: FIRST_PAGE, useValue: url }] };
  }
}
