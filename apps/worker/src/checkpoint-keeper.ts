import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Config } from '#libs/config/index.js';
import { isCheckpointDue, keepCheckpoint, readCheckpointKey } from '#libs/audit-trail/index.js';

/** How often to check whether a day has passed since the last checkpoint, by this or another process. */
const checkEveryMs = 600_000;

/** Anchors the audit trail outside the database once a day, if a folder and a key are configured. Needs PostgreSQL alone. */
export class CheckpointKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CheckpointKeeper.name);
  private readonly stop = new AbortController();

  constructor(
    private readonly source: DataSource,
    private readonly checkpoints: Config['checkpoints'],
  ) {}

  onApplicationBootstrap(): void {
    void this.run();
  }

  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.keep().catch((error: unknown) => this.logger.error(`No checkpoint was made: ${(error as Error).message}`));
      await sleep(checkEveryMs, undefined, { ref: false, signal: this.stop.signal }).catch(() => undefined);
    }
  }

  /** Makes a checkpoint if one is due. Returns whether it did. */
  async keep(): Promise<boolean> {
    const { folder, keyFile } = this.checkpoints;
    if (folder === null || keyFile === null || !(await isCheckpointDue(this.source))) return false;
    const { number, claims, digest } = await keepCheckpoint(this.source, await readCheckpointKey(keyFile, 'private'), folder);
    this.logger.log(`Checkpoint ${number} of ${claims} claims was made: digest ${digest}.`);
    return true;
  }
}
