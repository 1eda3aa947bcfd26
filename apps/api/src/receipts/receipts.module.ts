import { Module } from '@nestjs/common';
import { sealOf } from '#libs/receipts/index.js';
import { API_CONFIG, SEAL } from '../api.config.js';
import { FileCheckController } from './file-check.controller.js';

/** The installation's seal, read at start so that a wrong one is found then, and the page that checks it in a file. */
@Module({
  controllers: [FileCheckController],
  providers: [{ provide: SEAL, useFactory: sealOf, inject: [API_CONFIG] }],
  exports: [SEAL],
})
export class ReceiptsModule {}
