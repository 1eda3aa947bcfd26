import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { type ChangedClaim, changesAfter, latestChange, visibleAmong } from '#libs/read-models/index.js';
import type { Admission } from '../auth/access.decorator.js';
import type { EventStream } from './event-stream.js';
import { OpenStreams } from './open-streams.js';
import { PollLoop } from './poll-loop.js';

/** A reader is told of changes at most this often. */
const pollMs = 2_000;
/** A change becomes visible when its transaction commits, which is a little later than the instant it carries. */
const overlapMs = 10_000;
/** More changes than this are not told apart. */
const mostChanges = 1_000;
/** Ids that one event carries at most. */
const mostIds = 100;

interface Watcher {
  stream: EventStream;
  admission: Admission;
}

/** Streams that something has changed in a caller's scope. One statement every two seconds reads what has changed, for all readers together. */
@Injectable()
export class ScopeWatch implements OnModuleDestroy {
  private readonly logger = new Logger(ScopeWatch.name);
  private readonly watchers = new Set<Watcher>();
  private latest: string | null = null;
  /** Versions that readers were told of, within the overlap. */
  private told = new Map<string, number>();
  private readonly loop = new PollLoop(
    pollMs,
    () => this.poll(),
    () => this.watchers.size > 0,
    ({ message }) => this.logger.warn(`Changes could not be read: ${message}`),
  );

  constructor(
    private readonly source: DataSource,
    private readonly streams: OpenStreams,
  ) {}

  async open(admission: Admission): Promise<EventStream> {
    if (this.watchers.size === 0) await this.begin();
    const stream = this.streams.start(admission, () => Promise.resolve(true));
    const watcher = { stream, admission };
    this.watchers.add(watcher);
    stream.once('close', () => this.watchers.delete(watcher));
    this.loop.start();
    stream.send({ event: 'ready', data: {} });
    return stream;
  }

  onModuleDestroy(): void {
    this.loop.stop();
  }

  /** Takes note of what has changed already, so that the first reader is not told of it. */
  private async begin(): Promise<void> {
    this.latest = await latestChange(this.source.manager);
    this.told = versionsIn(await this.recent());
  }

  private recent(): Promise<ChangedClaim[]> {
    const after = this.latest === null ? null : new Date(Date.parse(this.latest) - overlapMs).toISOString();
    return changesAfter(this.source.manager, after, mostChanges);
  }

  private async poll(): Promise<void> {
    const recent = await this.recent();
    const changed = recent.filter(({ claimId, version }) => this.told.get(claimId) !== version);
    this.latest = recent[0]?.updatedAt ?? this.latest;
    this.told = versionsIn(recent);
    if (changed.length === 0) return;
    const isAll = recent.length === mostChanges;
    for (const { stream, admission } of this.watchers) {
      const claimIds = await this.visible(admission.scope, changed);
      if (isAll || claimIds.length > mostIds) stream.send({ event: 'changes', data: { claimIds: null } });
      else if (claimIds.length > 0) stream.send({ event: 'changes', data: { claimIds } });
    }
  }

  private async visible(scope: Scope, changed: ChangedClaim[]): Promise<string[]> {
    const all = changed.filter((claim) => mayBeIn(scope, claim)).map(({ claimId }) => claimId);
    const needsLook = scope.kind === 'everything' && scope.actsFor !== undefined && all.length > 0;
    return needsLook ? visibleAmong(this.source.manager, scope, all) : all;
  }
}

const versionsIn = (claims: ChangedClaim[]) => new Map(claims.map(({ claimId, version }) => [claimId, version]));

/** Whether the row alone puts the claim into the scope. Members of the vendor's staff who act for a partner need a closer look. */
function mayBeIn(scope: Scope, { partnerAccountId, partnerId }: ChangedClaim): boolean {
  if (scope.kind === 'everything') return true;
  if (scope.kind !== 'partner' || scope.accountId !== partnerAccountId) return false;
  return scope.locations === 'all' || scope.locations.includes(partnerId);
}
