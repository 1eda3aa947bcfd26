import { Module } from '@nestjs/common';
import { PublicationsModule } from '../publications/publications.module.js';
import { ClaimEffectsReader } from './claim-effects.reader.js';
import { ProgrammeReader } from './programme.reader.js';
import { ProgrammesController } from './programmes.controller.js';

/** The programme catalogue. */
@Module({
  imports: [PublicationsModule],
  controllers: [ProgrammesController],
  providers: [ClaimEffectsReader, ProgrammeReader],
})
export class ProgrammesModule {}
