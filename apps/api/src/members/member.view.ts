import { z } from 'zod';
import { assignableRoles, type Role } from '#libs/auth/index.js';
import type { Member as StoredMember, RoleChange as StoredChange, Wish } from '#libs/members/index.js';
import { cursor, limit } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { text } from '../http/text.schema.js';

const role = z.enum(assignableRoles as [Role, ...Role[]]);

/** As a token's `sub`, which is stored in commands and logs. */
export const subject = text(255).refine(
  (words) => words !== '' && !/\p{Cc}/u.test(words),
  'Must be 1 to 255 characters without control characters',
);

/** At most so many, as a company with more locations assigns them all. */
const maximumLocations = 500;

export const NewAssignment = z
  .strictObject({
    roles: z.array(role).min(1).max(assignableRoles.length).describe('Roles of the partner’s side.'),
    locations: z
      .array(z.union([z.literal('*'), z.string().regex(/^[0-9]{4,10}$/, 'Must be a PartnerID of 4 to 10 digits, or *')]))
      .min(1)
      .max(maximumLocations)
      .describe('PartnerIDs of your company, or `*` alone for all its locations, also future ones.'),
  })
  .refine(({ locations }) => !locations.includes('*') || locations.length === 1, {
    path: ['locations'],
    message: 'Must be * alone, or PartnerIDs',
  })
  .transform((sent): Wish => ({ roles: [...new Set(sent.roles)], locations: [...new Set(sent.locations)] }))
  .meta({ id: 'NewRoleAssignment', example: { roles: ['claim_user'], locations: ['1240371'] } });

const instant = z.iso.datetime();
const roles = z.array(role);
const locations = z.array(z.string()).describe('PartnerIDs, or `*` for all locations.');

export const Member = z
  .object({
    subject: z.string().describe('The `sub` of the person’s tokens.'),
    roles,
    locations,
    assignedBy: z.string(),
    assignedAt: instant,
    firstSeenAt: instant.nullable().describe('When the person first used these roles; null if never.'),
    lastSeenAt: instant.nullable().describe('To the hour.'),
    version: z.int().min(1).max(999_999_999).describe('The ETag without its quotes.'),
  })
  .meta({ id: 'Member', description: 'A person to whom the company has assigned roles.' });
export const MemberList = listOf(Member);

const given = z.object({ roles, locations }).nullable();
const RoleChange = z
  .object({
    changeId: z.guid(),
    subject: z.string(),
    changedBy: z.string(),
    changedAt: instant,
    from: given.describe('Null if the person had no assigned roles.'),
    to: given.describe('Null if all were taken away.'),
  })
  .meta({ id: 'RoleChange' });
export const RoleChangeList = listOf(RoleChange);

export const MemberQuery = z.strictObject({ cursor: cursor(text(255)).optional(), limit });
export const RoleChangeQuery = z.strictObject({ subject: subject.optional(), cursor: cursor(z.guid()).optional(), limit });

export const memberView = ({ assignedAt, firstSeenAt, lastSeenAt, ...member }: StoredMember): z.output<typeof Member> => ({
  ...member,
  assignedAt: assignedAt.toISOString(),
  firstSeenAt: firstSeenAt?.toISOString() ?? null,
  lastSeenAt: lastSeenAt?.toISOString() ?? null,
});

export const changeView = ({ changedAt, ...change }: StoredChange): z.output<typeof RoleChange> => ({
  ...change,
  changedAt: changedAt.toISOString(),
});
