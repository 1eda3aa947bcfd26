import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { readEvents } from '#libs/event-store/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  ClaimView,
  type ClaimRow,
  differences,
  findClaim,
  statedView,
  type SubmittedVersion,
  submittedVersions,
} from '#libs/read-models/index.js';
import { listOf } from '../http/listing.js';
import { lineNumbers } from '../http/text.schema.js';

const count = z.int().min(1).max(1_000_000);

const Submission = z
  .object({
    submission: count,
    version: count,
    submittedAt: z.iso.datetime(),
    lines: lineNumbers.describe('Lines that were not closed at that time.'),
  })
  .meta({ id: 'Submission' });

export const SubmissionList = listOf(Submission);

const Stated = ClaimView.pick({
  programme: true,
  policy: true,
  name: true,
  partnerId: true,
  tenantId: true,
  domain: true,
  area: true,
  contacts: true,
  revenue: true,
  acknowledgementVersion: true,
  transactionOn: true,
  isOptedOutOfIncentives: true,
  externalReference: true,
  tags: true,
  evidence: true,
}).extend({
  lines: z.array(ClaimView.shape.lines.element.pick({ line: true, product: true, subscriptionId: true, activities: true })),
});

export const SubmittedClaim = Submission.extend({
  stated: Stated.describe('What the partner stated. Erased people are null.'),
  differences: z
    .array(
      z.object({
        path: z.string().describe('JSON Pointer into `stated`, with lines by number and evidence by id.'),
        from: z.unknown(),
        to: z.unknown(),
      }),
    )
    .nullable()
    .describe('Changes since the submission given as `compareWith`; null if omitted.'),
}).meta({ id: 'SubmittedClaim' });

/** The number of a submission within its claim, from 1. */
export const SubmissionNumber = z.coerce.number().int().min(1).max(1_000_000);

export const CompareQuery = z.strictObject({ compareWith: SubmissionNumber.optional() });

/** Reads what was submitted, and when, from the claim's events, so that submissions can always be compared. */
@Injectable()
export class SubmittedVersionReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, claimId: string): Promise<z.output<typeof SubmissionList>> {
    const { versions } = await this.read(scope, claimId);
    return { items: versions.map(summary), next: null };
  }

  async get(scope: Scope, claimId: string, submission: number, compareWith?: number): Promise<z.output<typeof SubmittedClaim>> {
    const { claim, versions } = await this.read(scope, claimId);
    const shown = numbered(versions, submission);
    const stated = statedAt(claim, shown);
    const changed = compareWith === undefined ? null : differences(statedAt(claim, numbered(versions, compareWith)), stated);
    return { ...summary(shown), stated, differences: changed };
  }

  private async read(scope: Scope, claimId: string): Promise<{ claim: ClaimRow; versions: SubmittedVersion[] }> {
    const claim = await findClaim(this.source.manager, scope, claimId);
    if (claim === null) throw new Problem('not_found');
    return { claim, versions: submittedVersions(await readEvents(this.source.manager, claimId)) };
  }
}

function numbered(versions: SubmittedVersion[], submission: number): SubmittedVersion {
  const found = versions.find((version) => version.submission === submission);
  if (found === undefined) throw new Problem('not_found', { detail: `The claim has ${versions.length} submissions.` });
  return found;
}

const summary = ({ submission, version, submittedAt, state }: SubmittedVersion): z.output<typeof Submission> => ({
  submission,
  version,
  submittedAt,
  lines: state.lines.filter(({ phase }) => phase === 'submitted').map(({ line }) => line),
});

/** Reads the claim as it was submitted, with current people and files. */
const statedAt = (claim: ClaimRow, { state }: SubmittedVersion) => statedView({ ...claim, state });
