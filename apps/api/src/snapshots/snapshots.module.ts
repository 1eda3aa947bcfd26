import { Module } from '@nestjs/common';
import { LinkAnswer } from '../customer-page/link-answer.js';
import { SnapshotPageController } from './snapshot-page.controller.js';
import { SnapshotsController } from './snapshots.controller.js';
import { SnapshotsService } from './snapshots.service.js';

/** Submitted versions shared by a link: making and revoking it, what it shows, and who opened it when. */
@Module({
  controllers: [SnapshotsController, SnapshotPageController],
  providers: [SnapshotsService, LinkAnswer],
})
export class SnapshotsModule {}
