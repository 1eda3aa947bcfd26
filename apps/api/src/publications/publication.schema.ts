import { z } from 'zod';
import { listOf } from '../http/listing.js';

const version = z.int().min(0).max(1_000_000);

/** Query of a publication. */
export const PublicationQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).default('false').describe('Whether to report changes and faults without storing anything.'),
});
export type PublicationQuery = z.output<typeof PublicationQuery>;

export const VersionNumber = z.coerce.number().int().min(1).max(1_000_000);

export const PublicationReport = z
  .object({
    name: z.string(),
    result: z
      .enum(['published', 'unchanged', 'would_publish', 'would_be_refused'])
      .describe('`unchanged`: this document is already published as `version`.'),
    version: version.describe('Version that the document has or would get.'),
    changes: z
      .array(
        z.object({
          path: z
            .string()
            .describe('Path of the difference; list entries are identified by code or date.')
            .meta({ example: 'products[teams].state' }),
          from: z.unknown().describe('Null if absent from the latest version.'),
          to: z.unknown().describe('Null if absent from this document.'),
        }),
      )
      .describe('Differences from the latest version.'),
    faults: z.array(
      z.object({
        path: z.string().meta({ example: 'products.3.area' }),
        code: z.string().describe('Stable; new codes may be added.'),
        message: z.string().describe('What is wrong and what would be valid.'),
      }),
    ),
    warnings: z
      .array(z.object({ path: z.string(), code: z.string().describe('Stable; new codes may be added.'), message: z.string() }))
      .describe('Warnings do not prevent publication; for example, a calendar whose known holidays end soon.'),
  })
  .meta({ id: 'PublicationReport', description: 'What a publication changed, or would change.' });

export const PublishedVersionList = listOf(
  z
    .object({
      version,
      effectiveFrom: z.iso.date(),
      state: z.enum(['scheduled', 'in_force', 'past', 'withdrawn']),
      publishedAt: z.iso.datetime().nullable().describe('Null if published before this was recorded.'),
      publishedBy: z
        .string()
        .nullable()
        .describe("The issuer's id of the person or system; shown only to callers who may publish, otherwise null."),
      withdrawnAt: z.iso.datetime().nullable().describe('When it was withdrawn before it took effect; null if it was not.'),
      withdrawnBy: z
        .string()
        .nullable()
        .describe("The issuer's id of the person or system; shown only to callers who may publish, otherwise null."),
    })
    .meta({ id: 'PublishedVersion' }),
);
