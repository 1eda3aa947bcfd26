import { z } from 'zod';
import { listOf } from '../http/listing.js';

const version = z.int().min(0).max(1_000_000);

/** Query of a publication. */
export const PublicationQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether only to tell what would change and what would be refused. Nothing is written.'),
});
export type PublicationQuery = z.output<typeof PublicationQuery>;

export const VersionNumber = z.coerce.number().int().min(1).max(1_000_000);

export const PublicationReport = z
  .object({
    name: z.string(),
    result: z
      .enum(['published', 'unchanged', 'would_publish', 'would_be_refused'])
      .describe('`unchanged`: this document is published already, under `version`.'),
    version: version.describe('The version it is, or would become.'),
    changes: z
      .array(
        z.object({
          path: z.string().describe('Where; entries of lists are named by their code or date.').meta({ example: 'products[teams].state' }),
          from: z.unknown().describe('Null where there is nothing in the latest version.'),
          to: z.unknown().describe('Null where there is nothing in this document.'),
        }),
      )
      .describe('Differences from the latest version.'),
    faults: z.array(
      z.object({
        path: z.string().meta({ example: 'products.3.area' }),
        code: z.string().describe('Stable; an open list.'),
        message: z.string().describe('What is wrong and what would be right.'),
      }),
    ),
    warnings: z
      .array(z.object({ path: z.string(), code: z.string().describe('Stable; an open list.'), message: z.string() }))
      .describe('What is worth knowing and refuses nothing, such as a calendar that soon knows no holidays.'),
  })
  .meta({ id: 'PublicationReport', description: 'What a publication did, or would do.' });

export const PublishedVersionList = listOf(
  z
    .object({
      version,
      effectiveFrom: z.iso.date(),
      state: z.enum(['scheduled', 'in_force', 'past', 'withdrawn']),
      publishedAt: z.iso.datetime().nullable().describe('Null for what was there before this was recorded.'),
      publishedBy: z.string().nullable().describe("The issuer's id of the person or system, for those who may publish; else null."),
      withdrawnAt: z.iso.datetime().nullable().describe('When it was taken back before it took effect; null for one that stands.'),
      withdrawnBy: z.string().nullable().describe("The issuer's id of the person or system, for those who may publish; else null."),
    })
    .meta({ id: 'PublishedVersion' }),
);
