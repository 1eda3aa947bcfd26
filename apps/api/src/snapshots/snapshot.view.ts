import { z } from 'zod';
import { SnapshotContent, snapshotFields, snapshotSides } from '#libs/snapshots/index.js';
import { cursor, limit } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { requiredText } from '../http/text.schema.js';

const at = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const fields = z.array(z.enum(snapshotFields)).min(1).max(snapshotFields.length);

export const NewSnapshot = z
  .strictObject({
    fields: fields
      .transform((chosen) => snapshotFields.filter((field) => chosen.includes(field)))
      .describe('What the link shows. Contacts, texts, and names and contents of files cannot be chosen.'),
    expiresAfterDays: z.int().min(1).max(90).default(30).describe('Days of 24 hours.'),
    label: requiredText(200)
      .nullable()
      .default(null)
      .describe('For whom it is made. The link does not show it; it is erased with the claim.'),
  })
  .meta({
    id: 'NewSnapshot',
    example: { fields: ['customer', 'lines', 'standing'], expiresAfterDays: 14, label: 'Distributor, for the rebate of March' },
  });
export type NewSnapshot = z.output<typeof NewSnapshot>;

export const SnapshotView = z
  .object({
    snapshotId: z.guid(),
    claimId: z.guid(),
    submission: z.int().min(1).max(1_000_000),
    side: z.enum(snapshotSides).describe('Whose people made it. Partners do not see the links that the vendor made.'),
    fields: z.array(z.enum(snapshotFields)),
    label: z.string().nullable().describe('Null when not given, or erased.'),
    state: z
      .enum(['open', 'revoked', 'expired', 'erased'])
      .describe("All but `open` answer like a link that never existed. `erased`: the claim's retention is over."),
    contentSha256: sha256.describe('SHA-256 of the content as JSON with sorted keys and no spaces. The link shows it too.'),
    madeBy: z.string(),
    madeAt: at,
    expiresAt: at,
    revocation: z.object({ at, by: z.string() }).nullable(),
    openings: z
      .object({ count: z.int().min(0).max(1_000_000_000), firstAt: at.nullable(), lastAt: at.nullable() })
      .describe('Every opening counts, also those of mail scanners and previews.'),
  })
  .meta({ id: 'Snapshot' });

export const MadeSnapshot = SnapshotView.extend({
  url: z.url().describe('The link. It is shown once: only a hash of it is stored.'),
}).meta({ id: 'MadeSnapshot' });

export const SnapshotDetail = SnapshotView.extend({ content: SnapshotContent.describe('What the link shows.') }).meta({
  id: 'SnapshotDetail',
});

export const SnapshotList = listOf(SnapshotView);

const SnapshotPlace = z.strictObject({ madeAt: at, snapshotId: z.guid() });
export const SnapshotQuery = z.strictObject({ cursor: cursor(SnapshotPlace).optional(), limit });

export const SnapshotOpening = z.object({ sequence: z.int().min(1).max(1_000_000_000), at }).meta({ id: 'SnapshotOpening' });
export const SnapshotOpeningList = listOf(SnapshotOpening);
export const OpeningQuery = z.strictObject({ cursor: cursor(z.int().min(1).max(1_000_000_000)).optional(), limit });
