import type { DataSource, EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { Wish } from './wish.js';

/** One change of one person's roles. */
export interface RoleChange {
  /** Later changes of one account have greater ids. */
  changeId: string;
  subject: string;
  changedBy: string;
  changedAt: Date;
  /** Null if the person had no assigned roles. */
  from: Wish | null;
  /** Null if all roles were taken away. */
  to: Wish | null;
}

/** Records a change and returns how many there have been for the person. */
export async function recordChange(
  manager: EntityManager,
  { partnerAccountId, subject, changedBy, from, to }: Omit<RoleChange, 'changeId' | 'changedAt'> & { partnerAccountId: string },
): Promise<number> {
  await manager.query(
    `INSERT INTO role_changes (change_id, partner_account_id, subject, changed_by, from_roles, from_locations, to_roles, to_locations)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [v7(), partnerAccountId, subject, changedBy, from?.roles, from?.locations, to?.roles, to?.locations],
  );
  const [counted] = await manager.query<[{ changes: number }]>(
    'SELECT count(*)::integer AS changes FROM role_changes WHERE partner_account_id = $1 AND subject = $2',
    [partnerAccountId, subject],
  );
  return counted.changes;
}

interface Row extends Omit<RoleChange, 'from' | 'to'> {
  fromRoles: Wish['roles'] | null;
  fromLocations: string[] | null;
  toRoles: Wish['roles'] | null;
  toLocations: string[] | null;
}

/** Lists the changes of an account, or of one of its people, newest first. */
export async function listRoleChanges(
  source: DataSource,
  partnerAccountId: string,
  { subject, before, limit }: { subject: string | undefined; before: string | undefined; limit: number },
): Promise<RoleChange[]> {
  const rows = await source.query<Row[]>(
    `SELECT change_id AS "changeId", subject, changed_by AS "changedBy", changed_at AS "changedAt", from_roles AS "fromRoles",
       from_locations AS "fromLocations", to_roles AS "toRoles", to_locations AS "toLocations"
     FROM role_changes WHERE partner_account_id = $1 AND ($2::text IS NULL OR subject = $2) AND ($3::uuid IS NULL OR change_id < $3)
     ORDER BY change_id DESC LIMIT $4`,
    [partnerAccountId, subject ?? null, before ?? null, limit],
  );
  return rows.map(({ fromRoles, fromLocations, toRoles, toLocations, ...change }) => ({
    ...change,
    from: wishOf(fromRoles, fromLocations),
    to: wishOf(toRoles, toLocations),
  }));
}

const wishOf = (roles: Wish['roles'] | null, locations: string[] | null): Wish | null =>
  roles === null || locations === null ? null : { roles, locations };
