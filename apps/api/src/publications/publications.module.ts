import { Module } from '@nestjs/common';
import { PublicationService } from './publication.service.js';

/** Publishes versions of programmes and calendars. */
@Module({
  providers: [PublicationService],
  exports: [PublicationService],
})
export class PublicationsModule {}
