import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import type { DirectoryFacts } from '#libs/claims/index.js';
import { readClock, readEvents } from '#libs/event-store/index.js';
import { fingerprintOf } from '#libs/inbox/index.js';
import { latestFactsSql } from '#libs/notices/index.js';
import { Problem } from '#libs/problems/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type ClaimRow, findClaim, submittedVersions } from '#libs/read-models/index.js';
import {
  contentOf,
  findSnapshot,
  listOpenings,
  listSnapshots,
  makeSnapshot,
  type OpenedSnapshot,
  openSnapshot,
  readContent,
  revokeSnapshot,
  type Snapshot,
  type SnapshotContent,
  type SnapshotsOf,
  snapshotUrl,
} from '#libs/snapshots/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { page } from '../http/cursor.js';
import type { NewSnapshot, OpeningQuery, SnapshotQuery } from './snapshot.view.js';

/** Open links that one side has at most for one claim. */
const openLinks = 50;
const day = 86_400_000;

/** Makes, lists and revokes links to submitted versions of the claims in the caller's scope. */
@Injectable()
export class SnapshotsService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  async make(caller: Caller, claimId: string, submission: number, sent: NewSnapshot): Promise<Snapshot & { url: string }> {
    const claim = await this.claim(caller.scope, claimId);
    const versions = submittedVersions(await readEvents(this.source.manager, claimId));
    const version = versions.find((one) => one.submission === submission);
    if (version === undefined) throw new Problem('not_found', { detail: `The claim has ${versions.length} submissions.` });
    const now = await readClock(this.source);
    const { fields, label, expiresAfterDays } = sent;
    const policy = await this.library.policy(version.state.policy);
    const partnerName = await this.partnerName(claimId);
    const of = { claimId, side: sideOf(caller.scope) };
    const requestId = requestIdOf(caller);
    const made = await makeSnapshot(
      this.source,
      {
        ...of,
        requestId,
        submission,
        fields,
        label,
        content: contentOf(fields, { claim, version, policy, partnerName, side: of.side, now }),
        madeBy: caller.principal.subject,
        madeAt: now,
        expiresAt: new Date(Date.parse(now) + expiresAfterDays * day).toISOString(),
        fingerprint: fingerprintOf({ claimId, submission, ...sent }),
      },
      openLinks,
    );
    if (made.result === 'conflict') throw new Problem('idempotency_conflict');
    if (made.result === 'too_many') throw new Problem('too_many_snapshots', { detail: `The claim has ${openLinks} open links already.` });
    return { ...(await this.snapshot(of, requestId)), url: snapshotUrl(this.config.api.publicUrl, made.token) };
  }

  async list(scope: Scope, claimId: string, { cursor, limit }: z.output<typeof SnapshotQuery>) {
    await this.claim(scope, claimId);
    const found = await listSnapshots(this.source, { claimId, side: sideOf(scope) }, { before: cursor, limit: limit + 1 });
    return page(found, limit, ({ madeAt, snapshotId }) => ({ madeAt, snapshotId }));
  }

  async find(scope: Scope, claimId: string, snapshotId: string): Promise<Snapshot & { content: SnapshotContent }> {
    const snapshot = await this.visible(scope, claimId, snapshotId);
    return { ...snapshot, content: await readContent(this.source, snapshotId) };
  }

  async openings(scope: Scope, claimId: string, snapshotId: string, { cursor, limit }: z.output<typeof OpeningQuery>) {
    await this.visible(scope, claimId, snapshotId);
    const found = await listOpenings(this.source, snapshotId, { before: cursor, limit: limit + 1 });
    return page(found, limit, ({ sequence }) => sequence);
  }

  async revoke({ scope, principal }: Caller, claimId: string, snapshotId: string): Promise<Snapshot> {
    await this.visible(scope, claimId, snapshotId);
    await revokeSnapshot(this.source, snapshotId, principal.subject);
    return this.visible(scope, claimId, snapshotId);
  }

  /** Opens a link, for whoever has it. Returns null when it is unknown or void. */
  open(token: string): Promise<OpenedSnapshot | null> {
    return openSnapshot(this.source, token);
  }

  private async visible(scope: Scope, claimId: string, snapshotId: string): Promise<Snapshot> {
    await this.claim(scope, claimId);
    return this.snapshot({ claimId, side: sideOf(scope) }, snapshotId);
  }

  private async snapshot(of: SnapshotsOf, snapshotId: string): Promise<Snapshot> {
    const found = await findSnapshot(this.source, of, snapshotId);
    if (found === null) throw new Problem('not_found');
    return found;
  }

  private async claim(scope: Scope, claimId: string): Promise<ClaimRow> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    return claim;
  }

  private async partnerName(claimId: string): Promise<string | null> {
    const [row] = await this.source.query<[{ facts: DirectoryFacts | null }]>(`SELECT ${latestFactsSql('$1')} AS facts`, [claimId]);
    return row.facts?.location?.legalName ?? null;
  }
}

const sideOf = (scope: Scope): SnapshotsOf['side'] => (scope.kind === 'everything' ? 'vendor' : 'partner');
