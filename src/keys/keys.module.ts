import { Module } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { SigningKeys } from './signing-keys.ts';

@Module({
  providers: [
    { provide: SigningKeys, useFactory: (config: AppConfig) => new SigningKeys(config.signingKeys), inject: [CONFIG] },
  ],
  exports: [SigningKeys],
})
export class KeysModule {}
