import type { DataSource, EntityManager } from 'typeorm';
import type { Role, RoleAssignment } from '#libs/auth/index.js';
import { type ExpectedVersion, isExpected, prepared } from '#libs/event-store/index.js';
import { recordChange } from './role-changes.js';
import type { Wish } from './wish.js';

/** A person to whom a partner has assigned roles. */
export interface Member extends Wish {
  subject: string;
  assignedBy: string;
  assignedAt: Date;
  /** When the person first and last used the roles, to the hour; null before. */
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  /** Never used twice for one person. */
  version: number;
}

export interface Change {
  partnerAccountId: string;
  subject: string;
  /** Null takes all roles away. */
  wish: Wish | null;
  /** The version that the change is based on; undefined if there was none. */
  basedOn: ExpectedVersion | undefined;
  by: string;
  /** Whether an account admin remains whatever this account's assignments say. */
  isAdminKnown: boolean;
}

export type ChangeOutcome =
  | { result: 'changed' | 'unchanged'; member: Member; isNew: boolean }
  | { result: 'removed' | 'unknown' | 'version_missing' | 'version_conflict' | 'last_admin' };

const columns = `subject, roles, locations, version, assigned_by AS "assignedBy", assigned_at AS "assignedAt",
  first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt"`;

const findSql = prepared(`
  SELECT partner_account_id AS "partnerAccountId", roles, locations,
    last_seen_at IS NULL AS "isFirstUse", coalesce(last_seen_at < cpor_now() - interval '1 hour', true) AS "isNews"
  FROM role_assignments WHERE subject = $1 AND ($2::text IS NULL OR partner_account_id = $2) ORDER BY created_at, partner_account_id LIMIT 1`);

interface AssignmentRow {
  partnerAccountId: string;
  roles: Role[];
  locations: string[];
  isFirstUse: boolean;
  isNews: boolean;
}

/**
 * Returns the roles that a person has been assigned by an account; without an account, by the one that assigned first. `isNews` says whether the use
 * is to be noted.
 */
export async function findAssignment(
  source: DataSource,
  subject: string,
  partnerAccountId: string | null,
): Promise<(RoleAssignment & Pick<AssignmentRow, 'isFirstUse' | 'isNews'>) | null> {
  const [row] = await source.query<AssignmentRow[]>(findSql, [subject, partnerAccountId]);
  return row === undefined ? null : { ...row, locations: row.locations.includes('*') ? 'all' : row.locations };
}

/** Notes that a person uses assigned roles. From the first time on they are someone who has acted for the partner (R21). */
export async function noteSeen(source: DataSource, subject: string, partnerAccountId: string): Promise<void> {
  await source.query(
    `WITH seen AS (
       UPDATE role_assignments SET first_seen_at = coalesce(first_seen_at, cpor_now()), last_seen_at = cpor_now()
       WHERE partner_account_id = $2 AND subject = $1
     )
     INSERT INTO partner_subjects (subject, partner_account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [subject, partnerAccountId],
  );
}

/** Lists an account's members by subject, beginning after one. */
export function listMembers(
  source: DataSource,
  partnerAccountId: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Member[]> {
  return source.query<Member[]>(
    `SELECT ${columns} FROM role_assignments WHERE partner_account_id = $1 AND ($2::text IS NULL OR subject > $2) ORDER BY subject LIMIT $3`,
    [partnerAccountId, after ?? null, limit],
  );
}

/** Gives a person roles, or takes them away, and records the change. Changes of one account are made one after the other. */
export function changeRoles(source: DataSource, change: Change): Promise<ChangeOutcome> {
  return source.transaction(async (manager): Promise<ChangeOutcome> => {
    const { partnerAccountId, subject, wish, basedOn, by } = change;
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`members ${partnerAccountId}`]);
    const [current] = await manager.query<Member[]>(
      `SELECT ${columns} FROM role_assignments WHERE partner_account_id = $1 AND subject = $2`,
      [partnerAccountId, subject],
    );
    if (current === undefined && wish === null) return { result: 'unknown' };
    if (current !== undefined && basedOn === undefined) return { result: 'version_missing' };
    if (basedOn !== undefined && !isExpected(basedOn, current?.version)) return { result: 'version_conflict' };
    if (current !== undefined && wish !== null && isSame(current, wish)) return { result: 'unchanged', member: current, isNew: false };
    if (losesAdmin(current, wish) && !change.isAdminKnown && !(await hasOtherAdmin(manager, partnerAccountId, subject)))
      return { result: 'last_admin' };
    const version = await recordChange(manager, { partnerAccountId, subject, changedBy: by, from: current ?? null, to: wish });
    if (wish === null) {
      await manager.query('DELETE FROM role_assignments WHERE partner_account_id = $1 AND subject = $2', [partnerAccountId, subject]);
      return { result: 'removed' };
    }
    const [member] = await manager.query<[Member]>(
      `INSERT INTO role_assignments (partner_account_id, subject, roles, locations, version, assigned_by) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (partner_account_id, subject) DO UPDATE
         SET roles = $3, locations = $4, version = $5, assigned_by = $6, assigned_at = cpor_now()
       RETURNING ${columns}`,
      [partnerAccountId, subject, wish.roles, wish.locations, version, by],
    );
    return { result: 'changed', member, isNew: current === undefined };
  });
}

const isSame = (one: Wish, other: Wish): boolean => isSameSet(one.roles, other.roles) && isSameSet(one.locations, other.locations);

const isSameSet = (one: string[], other: string[]): boolean => one.length === other.length && one.every((entry) => other.includes(entry));

const losesAdmin = (current: Member | undefined, wish: Wish | null): boolean =>
  current?.roles.includes('account_admin') === true && wish?.roles.includes('account_admin') !== true;

async function hasOtherAdmin(manager: EntityManager, partnerAccountId: string, subject: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM role_assignments WHERE partner_account_id = $1 AND subject <> $2 AND 'account_admin' = ANY (roles) LIMIT 1`,
    [partnerAccountId, subject],
  );
  return rows.length > 0;
}
