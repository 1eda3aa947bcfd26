import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { type Caller, CurrentCaller } from '../auth/caller.js';
import { Nothing } from '../claims/submission.body.js';
import { SubmissionNumber } from '../claims/submitted-version.reader.js';
import { claimReference } from '../http/claim-reference.schema.js';
import { Documented } from '../http/documentation.js';
import { uuid } from '../http/text.schema.js';
import {
  MadeSnapshot,
  NewSnapshot,
  OpeningQuery,
  SnapshotDetail,
  SnapshotList,
  SnapshotOpeningList,
  SnapshotQuery,
  SnapshotView,
} from './snapshot.view.js';
import { SnapshotsService } from './snapshots.service.js';

@ApiTags('snapshots')
@Controller('v1/claims/:claimId')
export class SnapshotsController {
  constructor(private readonly snapshots: SnapshotsService) {}

  @Post('submissions/:submission/snapshots')
  @HttpCode(201)
  @Allow('snapshots.share')
  @Documented({
    summary: 'Share a submitted version',
    description:
      'Makes a link for somebody outside. What it shows is fixed now; it expires, can be revoked, and every opening is logged. A repeat with the same key answers with a new link, and the earlier one is void.',
    answers: { 201: MadeSnapshot },
  })
  make(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('submission', { schema: SubmissionNumber }) submission: number,
    @Body({ schema: NewSnapshot }) sent: NewSnapshot,
  ) {
    return this.snapshots.make(caller, claimId, submission, sent);
  }

  @Get('snapshots')
  @Allow('claims.read')
  @Documented({
    summary: "List a claim's snapshots",
    description: 'Newest first, also those whose link is void. Partners see their own, the vendor sees all.',
    answers: { 200: SnapshotList },
  })
  list(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Query({ schema: SnapshotQuery }) query: z.output<typeof SnapshotQuery>,
  ) {
    return this.snapshots.list(scope, claimId, query);
  }

  @Get('snapshots/:snapshotId')
  @Allow('claims.read')
  @Documented({
    summary: 'Read a snapshot',
    description: 'With what its link shows. This is no opening of the link.',
    answers: { 200: SnapshotDetail },
  })
  get(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('snapshotId', { schema: uuid }) snapshotId: string,
  ) {
    return this.snapshots.find(scope, claimId, snapshotId);
  }

  @Get('snapshots/:snapshotId/openings')
  @Allow('claims.read')
  @Documented({
    summary: 'List when a snapshot was opened',
    description: 'Newest first. Whoever has the link needs no account, so nobody is named, and no network address is kept.',
    answers: { 200: SnapshotOpeningList },
  })
  openings(
    @CurrentScope() scope: Scope,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('snapshotId', { schema: uuid }) snapshotId: string,
    @Query({ schema: OpeningQuery }) query: z.output<typeof OpeningQuery>,
  ) {
    return this.snapshots.openings(scope, claimId, snapshotId, query);
  }

  @Post('snapshots/:snapshotId/revoke')
  @HttpCode(200)
  @Allow('snapshots.share')
  @Documented({
    summary: 'Revoke a snapshot',
    description: 'Its link is void at once and for good. Revoking it again changes nothing.',
    answers: { 200: SnapshotView },
  })
  revoke(
    @CurrentCaller() caller: Caller,
    @Param('claimId', { schema: claimReference }) claimId: string,
    @Param('snapshotId', { schema: uuid }) snapshotId: string,
    @Body({ schema: Nothing }) _: object,
  ) {
    return this.snapshots.revoke(caller, claimId, snapshotId);
  }
}
