import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { type AssociationFilter, type AssociationRow, associationSorts, listAssociations } from '#libs/read-models/index.js';
import { limit } from '../http/cursor.js';
import { Listing, listCursor, listOf, several, sortBy } from '../http/listing.js';
import { partnerId, text, uuid } from '../http/text.schema.js';

const instant = z.iso.datetime();

export const AssociationView = z
  .object({
    associationId: z.string(),
    claimId: z.string(),
    number: z.string().describe('Number of the claim.'),
    line: z.int().min(1).max(100_000),
    target: z.string().describe('`workload:<tenant>:<product>` or `subscription:<id>`.'),
    product: z.string().describe('Code of the product in the programme.'),
    policy: z.string().describe('Name and version of the policy that applies.'),
    customerName: z.string().nullable().describe("The tenant's name, if the claim stated one of its domains."),
    activities: z.array(z.string()),
    partnerAccountId: z.string(),
    partnerId: z.string(),
    partnerName: z.string().nullable().describe('Legal name from the most recent directory look-up.'),
    tenantId: z.string(),
    officialAt: instant,
    endedAt: instant.nullable(),
    isLive: z.boolean(),
  })
  .meta({ id: 'Association', description: 'A period during which a partner is the partner of record on a target.' });

export const AssociationList = listOf(AssociationView);

const common = {
  state: z.enum(['live', 'ended']).optional().describe('Both if omitted.'),
  partnerId: several(partnerId).optional().describe('PartnerID of the location.'),
  target: text(200).optional(),
  sort: sortBy(associationSorts, '-officialAt'),
  cursor: listCursor,
  limit,
};

export const AssociationQuery = z.strictObject({ ...common, tenantId: several(uuid).optional() });
export const TenantAssociationQuery = z.strictObject(common);
type AssociationQuery = z.output<typeof AssociationQuery>;

/** Lists associations within a scope. A customer sees those it was notified about. */
@Injectable()
export class AssociationReader {
  constructor(private readonly source: DataSource) {}

  async list(scope: Scope, { cursor: place, limit: size, sort, ...filter }: AssociationQuery) {
    const listing = new Listing('associations', filter, associationSorts[sort.by], sort);
    const query = { sort, after: listing.after(place), limit: size };
    const { rows, next: following } = await listAssociations(this.source.manager, scope, visible(scope, filter), query);
    return { items: rows.map(view), next: listing.next(following) };
  }

  async get(scope: Scope, associationId: string) {
    const sort = { by: 'officialAt', isDescending: true } as const;
    const { rows } = await listAssociations(this.source.manager, scope, visible(scope, { associationId }), { sort, limit: 1 });
    const [row] = rows;
    if (row === undefined) throw new Problem('not_found');
    return view(row);
  }
}

const visible = (scope: Scope, filter: AssociationFilter): AssociationFilter => ({ ...filter, isNotifiedOnly: scope.kind === 'tenant' });

const view = (row: AssociationRow) => ({ ...row, isLive: row.endedAt === null });
