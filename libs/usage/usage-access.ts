/**
 * Who may read usage (domain.md 9). The only place that decides it:
 *
 * 1. the caller has a role with the permission `usage.read` (`libs/auth/permission.ts`; the API checks it before it comes here),
 * 2. the caller acts for a partner, and sees only associations of its own locations: `ownAssociations`,
 * 3. the association is open, and then only within the months of its tenure: `grantsSql` (R17, R18),
 * 4. executive columns are for viewers with `usage.executive` alone: `isServed`, `withheldFrom`.
 *
 * Counts too small to show are a separate rule that holds for every viewer: `shown-value.ts`. What was read, and what was refused, is logged by
 * `libs/access-log`.
 */
import { can, type Principal, type Scope } from '#libs/auth/index.js';
import { usagePolicyDefaults } from './policy.js';
import type { UsageColumn } from './sets.js';
import type { SqlParameters } from './sql-parameters.js';
import { usedTarget } from './target.js';

/** A reader of usage: the locations it may see, and whether executive columns are included. */
export interface UsageViewer {
  /** The name under which the access logs hold it. */
  subject: string;
  scope: Scope;
  isExecutive: boolean;
}

export const usageViewerOf = (principal: Principal, scope: Scope): UsageViewer => ({
  subject: principal.subject,
  scope,
  isExecutive: can(principal, 'usage.executive'),
});

/** SQL that is true for associations `a` of the viewer's own locations. Only partners read usage, so every other scope sees none. */
export function ownAssociations({ scope }: UsageViewer, parameters: SqlParameters): string {
  if (scope.kind !== 'partner') return 'false';
  const account = `a.partner_account_id = ${parameters.add(scope.accountId)}`;
  return scope.locations === 'all' ? account : `${account} AND a.partner_id = ANY(${parameters.add(scope.locations)})`;
}

/** Returns whether a viewer is served a column at all. Columns that only a policy calls executive are withheld row by row. */
export const isServed = (column: UsageColumn, { isExecutive }: UsageViewer): boolean => isExecutive || !column.isExecutive;

/** SQL that is true when the policy of grant `g` reserves the column, or one that it is calculated from, for executive viewers. */
export function withheldFrom({ isExecutive }: UsageViewer, column: UsageColumn): string {
  if (isExecutive) return 'false';
  return `coalesce(g.executive_columns ?| ARRAY[${[column.name, ...(column.of ?? [])].map((name) => `'${name}'`).join(', ')}], false)`;
}

/** Commands that end an association. One still pending in the inbox ends access already, because the customer has been told that it was accepted. */
const endingCommands = ['optOut', 'endAssociation', 'supersedeAssociation'];

/** The instant of the decision, and what the programmes say about usage; read once per statement. */
const policiesSql = `
  moment AS MATERIALIZED (SELECT cpor_now() AS at),
  programmes AS MATERIALIZED (
    SELECT name || '@' || version AS reference, body ->> 'calendar' AS calendar,
      (body #>> '{usage,suppressBelow}')::numeric AS suppress_below,
      coalesce((body #>> '{usage,hasBaselineMonth}')::boolean, ${usagePolicyDefaults.hasBaselineMonth}) AS has_baseline_month,
      coalesce(body #>> '{usage,afterEnd}', '${usagePolicyDefaults.afterEnd}') AS after_end,
      -- Null when there are none, because this is asked for every cell.
      nullif(coalesce(body #> '{usage,executiveColumns}', '${JSON.stringify(usagePolicyDefaults.executiveColumns)}'), '[]') AS executive_columns
    FROM policies
  ),
  zones AS MATERIALIZED (SELECT name, version, effective_from, body ->> 'zone' AS zone FROM calendars)`;

/**
 * SQL of the viewer's official associations with the months of their tenure, in the programme's own time zone (R17). The month in which an
 * association ends never belongs to its tenure, because its figures cover days after the end.
 */
const tenuresSql = (viewer: UsageViewer, parameters: SqlParameters): string => `
    SELECT a.association_id, a.claim_id, c.number, a.partner_account_id, a.partner_id, a.tenant_id, a.target AS held_target,
      ${usedTarget('a.target')} AS target, (a.official_at AT TIME ZONE z.zone)::date AS associated_on, p.suppress_below, p.executive_columns,
      (date_trunc('month', a.official_at AT TIME ZONE z.zone) - make_interval(months => p.has_baseline_month::int))::date AS first_month,
      CASE WHEN a.ended_at <= moment.at THEN (date_trunc('month', a.ended_at AT TIME ZONE z.zone) - interval '1 month')::date END AS last_month,
      a.ended_at, moment.at
    FROM moment CROSS JOIN associations a
    JOIN claims c ON c.claim_id = a.claim_id
    JOIN LATERAL (SELECT * FROM programmes WHERE reference = c.state ->> 'policy' LIMIT 1) p ON true
    JOIN LATERAL (
      SELECT zone FROM zones WHERE name = p.calendar AND effective_from <= a.official_at ORDER BY effective_from DESC, version DESC LIMIT 1
    ) z ON true
    WHERE ${ownAssociations(viewer, parameters)} AND a.official_at <= moment.at`;

/** SQL of the tenures that are open now (domain.md 9, R18): those of live associations, unless the policy leaves past months readable. */
const openTenuresSql = (viewer: UsageViewer, parameters: SqlParameters): string => `
    ${tenuresSql(viewer, parameters)}
      AND (a.ended_at IS NULL OR a.ended_at > moment.at OR p.after_end = 'months_of_tenure')
      AND NOT EXISTS (
        SELECT FROM claim_commands k
        WHERE k.claim_id = a.claim_id AND k.outcome IS NULL AND k.type = ANY(${parameters.add(endingCommands)})
      )
      -- An end that is due counts, even if it has not been recorded yet: the association's own (K13), or the beginning of another on its target.
      -- An association that has ended before has nothing left to end.
      AND NOT (c.alarm_at < moment.at AND EXISTS (
        SELECT FROM jsonb_array_elements(c.state -> 'clocks') k
        WHERE k ->> 'clock' = 'K13' AND k -> 'lines' @> to_jsonb(a.line) AND (k #>> '{deadline,dueAt}')::timestamptz < moment.at
      ))
      AND NOT EXISTS (
        SELECT FROM claim_lines l JOIN claims o USING (claim_id)
        WHERE l.target = a.target AND l.claim_id <> a.claim_id AND l.phase = 'consent_pending' AND o.alarm_at < moment.at
          AND (a.ended_at IS NULL OR a.ended_at > moment.at)
      )`;

/** Common table expressions that begin every read of usage. Rows are reached only through `grants`. */
export const grantsSql = (viewer: UsageViewer, parameters: SqlParameters): string =>
  `${policiesSql}, grants AS (${openTenuresSql(viewer, parameters)})`;

/** The same, and `closed`: the viewer's tenures that are not open. */
export const grantsAndClosedSql = (viewer: UsageViewer, parameters: SqlParameters): string => `
  ${grantsSql(viewer, parameters)},
  closed AS (
    SELECT * FROM (${tenuresSql(viewer, parameters)}) t
    WHERE NOT EXISTS (SELECT FROM grants g WHERE g.association_id = t.association_id)
  )`;
