import { Module } from '@nestjs/common';
import { PublicationsModule } from '../publications/publications.module.js';
import { ProgrammeReader } from './programme.reader.js';
import { ProgrammesController } from './programmes.controller.js';

/** The programme catalogue. */
@Module({
  imports: [PublicationsModule],
  controllers: [ProgrammesController],
  providers: [ProgrammeReader],
})
export class ProgrammesModule {}
