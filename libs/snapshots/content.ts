import { z } from 'zod';
import { statusLabels } from '#libs/claims/index.js';
import type { Policy } from '#libs/programmes/index.js';
import { type ClaimRow, Phase, type SubmittedVersion } from '#libs/read-models/index.js';
import { type SnapshotField, snapshotFields, type SnapshotSide, snapshotSides } from './fields.js';

const instant = z.iso.datetime();
const line = z.int().min(1).max(100_000);
const Labelled = z.object({ code: z.string(), label: z.object({ en: z.string(), ru: z.string() }) }).meta({ id: 'LabelledCode' });
export type Labelled = z.output<typeof Labelled>;

/** What the link shows. Groups that were not chosen are absent, not null. */
export const SnapshotContent = z
  .object({
    claim: z.object({
      number: z.string(),
      submission: z.int().min(1).max(1_000_000),
      submittedAt: instant,
      programme: z.string(),
      vendor: z.string().describe('Who runs the programme.'),
    }),
    asOf: instant.describe('When the snapshot was made.'),
    sharedBy: z.enum(snapshotSides),
    description: z
      .object({ name: z.string(), area: Labelled, externalReference: z.string().nullable(), tags: z.array(z.string()) })
      .optional(),
    customer: z.object({ name: z.string().nullable(), tenantId: z.string(), domain: z.string().nullable() }).optional(),
    partner: z.object({ name: z.string().nullable(), partnerId: z.string() }).optional(),
    lines: z.array(z.object({ line, product: Labelled, subscriptionId: z.string().nullable() })).optional(),
    activities: z.array(z.object({ line, activities: z.array(Labelled) })).optional(),
    evidence: z
      .array(
        z.object({
          sha256: z.string(),
          signedOn: z.string().nullable(),
          isSignedHere: z.boolean(),
          mediaType: z.string().nullable(),
          sizeBytes: z.int().min(0).max(1_000_000_000).nullable(),
        }),
      )
      .optional()
      .describe('The evidence that counted, without names or contents.'),
    terms: z.object({ transactionOn: z.string().nullable(), isOptedOutOfIncentives: z.boolean() }).optional(),
    standing: z
      .array(
        z.object({
          line,
          phase: Phase,
          status: Labelled.shape.label,
          since: instant,
          association: z.object({ from: instant, to: instant.nullable() }).nullable(),
        }),
      )
      .optional()
      .describe('What had become of the lines when the snapshot was made.'),
  })
  .meta({ id: 'SnapshotContent' });
export type SnapshotContent = z.output<typeof SnapshotContent>;

/** What a snapshot is made from. */
export interface SnapshotSource {
  claim: ClaimRow;
  version: SubmittedVersion;
  /** The one that the version was submitted under: its labels are part of what is fixed. */
  policy: Policy;
  /** From the directory; null when it never named the location. */
  partnerName: string | null;
  /** Whose people make it. */
  side: SnapshotSide;
  now: string;
}

/** Makes what a link shows: the chosen groups of one version, and nothing else. */
export function contentOf(fields: readonly SnapshotField[], source: SnapshotSource): SnapshotContent {
  const { claim, version, policy, side, now } = source;
  const { details } = version.state;
  const chosen = snapshotFields.filter((field) => fields.includes(field)).map((field) => [field, groups[field](source)]);
  return {
    claim: {
      number: claim.number,
      submission: version.submission,
      submittedAt: version.submittedAt,
      programme: details.programme,
      vendor: policy.vendor.name,
    },
    asOf: now,
    sharedBy: side,
    ...(Object.fromEntries(chosen) as Pick<SnapshotContent, SnapshotField>),
  };
}

const groups: { [Field in SnapshotField]: (source: SnapshotSource) => NonNullable<SnapshotContent[Field]> } = {
  description: ({ version: { state }, policy }) => {
    const { name, area, externalReference, tags } = state.details;
    return { name, area: labelled(area, policy.areas), externalReference, tags };
  },
  customer: ({ claim, version: { state } }) => ({
    name: claim.customerName,
    tenantId: state.details.tenantId,
    domain: state.details.domain,
  }),
  partner: ({ partnerName, version: { state } }) => ({ name: partnerName, partnerId: state.details.partnerId }),
  lines: ({ version: { state }, policy }) =>
    state.details.lines.map((one) => ({
      line: one.line,
      product: labelled(one.product, policy.products),
      subscriptionId: one.subscriptionId,
    })),
  activities: ({ version: { state }, policy }) => {
    const ofArea = policy.activities.filter(({ areas }) => areas.includes(state.details.area));
    return state.details.lines.map((one) => ({ line: one.line, activities: one.activities.map((code) => labelled(code, ofArea)) }));
  },
  evidence: ({ claim, version: { state } }) =>
    state.evidence.map(({ evidenceId, sha256, signedOn, isSignedHere }) => {
      const file = claim.files.find(({ id }) => id === evidenceId);
      return {
        sha256,
        signedOn,
        isSignedHere: isSignedHere === true,
        mediaType: file?.mediaType ?? null,
        sizeBytes: file?.sizeBytes ?? null,
      };
    }),
  terms: ({ version: { state } }) => ({
    transactionOn: state.details.transactionOn,
    isOptedOutOfIncentives: state.details.isOptedOutOfIncentives,
  }),
  standing: ({ claim, version }) => {
    const submitted = new Set(version.state.details.lines.map((one) => one.line));
    return claim.state.lines
      .filter((one) => submitted.has(one.line))
      .map(({ line: number, phase, since, official }) => ({
        line: number,
        phase,
        status: statusLabels[phase],
        since,
        association: official && { from: official.from, to: official.to },
      }));
  },
};

function labelled(code: string, entries: readonly { code: string; label: { en: string; ru: string } }[]): Labelled {
  const { en, ru } = entries.find((entry) => entry.code === code)?.label ?? { en: code, ru: code };
  return { code, label: { en, ru } };
}
