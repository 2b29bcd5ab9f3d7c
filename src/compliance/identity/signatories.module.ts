import { Module } from '@nestjs/common';
import { ProviderKeys } from './provider-keys.ts';
import { Signatories } from './signatories.ts';

/** The persons of banks who order and approve, as the providers of their banks name them. */
@Module({
  providers: [{ provide: ProviderKeys, useFactory: () => ProviderKeys.open() }, Signatories],
  exports: [Signatories],
})
export class SignatoriesModule {}
