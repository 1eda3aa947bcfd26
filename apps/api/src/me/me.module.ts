import { Module } from '@nestjs/common';
import { MeController } from './me.controller.js';
import { MeReader } from './me.reader.js';

/** Tells callers who they are here and what they may do. */
@Module({
  controllers: [MeController],
  providers: [MeReader],
})
export class MeModule {}
