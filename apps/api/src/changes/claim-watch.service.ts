import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ClaimVersion, versionsOf, visibleAmong } from '#libs/read-models/index.js';
import type { Admission } from '../auth/access.decorator.js';
import type { EventStream } from './event-stream.js';
import { OpenStreams } from './open-streams.js';
import { PollLoop } from './poll-loop.js';

const pollMs = 1_000;

interface Watcher {
  stream: EventStream;
  admission: Admission;
  /** The version that the reader knows; 0 before the first event. */
  known: number;
}

/** Streams the versions of claims. One statement per second reads all watched claims, whatever the number of readers; none while nobody watches. */
@Injectable()
export class ClaimWatch implements OnModuleDestroy {
  private readonly logger = new Logger(ClaimWatch.name);
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly loop = new PollLoop(
    pollMs,
    () => this.poll(),
    () => this.watchers.size > 0,
    ({ message }) => this.logger.warn(`Watched claims could not be read: ${message}`),
  );

  constructor(
    private readonly source: DataSource,
    private readonly streams: OpenStreams,
  ) {}

  /** Opens a stream of a claim that the caller may see now; it begins with an event unless the reader knows the version already. */
  open(admission: Admission, claim: ClaimVersion, known: number): EventStream {
    const { claimId } = claim;
    const stream = this.streams.start(admission, () => this.isVisible(admission, claimId));
    const watcher = { stream, admission, known };
    this.tell(watcher, claim);
    const ofClaim = this.watchers.get(claimId) ?? new Set();
    this.watchers.set(claimId, ofClaim.add(watcher));
    stream.once('close', () => {
      ofClaim.delete(watcher);
      if (ofClaim.size === 0 && this.watchers.get(claimId) === ofClaim) this.watchers.delete(claimId);
    });
    this.loop.start();
    return stream;
  }

  onModuleDestroy(): void {
    this.loop.stop();
  }

  private async poll(): Promise<void> {
    for (const claim of await versionsOf(this.source.manager, [...this.watchers.keys()])) {
      for (const watcher of this.watchers.get(claim.claimId) ?? []) {
        if (claim.version === watcher.known) continue;
        // The change may have moved the claim out of the reader's scope.
        if (await this.isVisible(watcher.admission, claim.claimId)) this.tell(watcher, claim);
        else watcher.stream.finish('access');
      }
    }
  }

  private tell(watcher: Watcher, { claimId, version, phase, updatedAt }: ClaimVersion): void {
    if (version === watcher.known) return;
    watcher.known = version;
    watcher.stream.send({ id: String(version), data: { claimId, version, phase, updatedAt } });
  }

  private async isVisible({ scope }: Admission, claimId: string): Promise<boolean> {
    return (await visibleAmong(this.source.manager, scope, [claimId])).length > 0;
  }
}
