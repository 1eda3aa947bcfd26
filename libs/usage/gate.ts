import type { Scope } from '#libs/auth/index.js';
import { usagePolicyDefaults } from './policy.js';
import type { UsageSet } from './sets.js';
import { usedTarget } from './target.js';

/** Who reads: the locations in which the caller may see usage, and whether executive columns are among it. */
export interface UsageViewer {
  scope: Scope;
  isExecutive: boolean;
}

export interface MonthSpan {
  /** ISO dates of first days; both months are included. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Parameters of a statement in the order in which they were named. */
export class SqlParameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Commands that end an association. One that waits in the inbox ends access already, for the customer was told that it is taken. */
const endingCommands = ['optOut', 'endAssociation', 'supersedeAssociation'];

/** The instant of the decision and what programmes say of usage, read once a statement. */
const relatedClaimsSql = `
  moment AS MATERIALIZED (SELECT cpor_now() AS at),
  programmes AS MATERIALIZED (
    SELECT name || '@' || version AS reference, body ->> 'calendar' AS calendar,
      (body #>> '{usage,suppressBelow}')::numeric AS suppress_below,
      coalesce((body #>> '{usage,hasBaselineMonth}')::boolean, ${usagePolicyDefaults.hasBaselineMonth}) AS has_baseline_month,
      coalesce(body #>> '{usage,afterEnd}', '${usagePolicyDefaults.afterEnd}') AS after_end,
      coalesce(body #> '{usage,executiveColumns}', '${JSON.stringify(usagePolicyDefaults.executiveColumns)}') AS executive_columns
    FROM policies
  ),
  zones AS MATERIALIZED (SELECT name, version, effective_from, body ->> 'zone' AS zone FROM calendars)`;

/**
 * SQL of the associations of the caller's locations that are official, with the months of their tenure in the programme's own zone (R17). The
 * end's own month is never one of tenure, for its figures tell of days after the end.
 */
function tenuresSql({ scope }: UsageViewer, parameters: SqlParameters): string {
  return `
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
    WHERE ${inScope(scope, parameters)} AND a.official_at <= moment.at`;
}

/** SQL of the tenures that are open at the instant of the statement (domain.md 9, R18): those of live associations, unless the policy leaves more. */
const openTenuresSql = (viewer: UsageViewer, parameters: SqlParameters): string => `
    ${tenuresSql(viewer, parameters)}
      AND (a.ended_at IS NULL OR a.ended_at > moment.at OR p.after_end = 'months_of_tenure')
      AND NOT EXISTS (
        SELECT FROM claim_commands k
        WHERE k.claim_id = a.claim_id AND k.outcome IS NULL AND k.type = ANY(${parameters.add(endingCommands)})
      )
      -- An end that has come is an end, whether it was written down yet or not: the association's own, or another's beginning. What ended
      -- before has nothing left to end.
      AND NOT (c.alarm_at < moment.at AND EXISTS (
        SELECT FROM jsonb_array_elements(c.state -> 'clocks') k
        WHERE k ->> 'clock' = 'K13' AND k -> 'lines' @> to_jsonb(a.line) AND (k #>> '{deadline,dueAt}')::timestamptz < moment.at
      ))
      AND NOT EXISTS (
        SELECT FROM claim_lines l JOIN claims o USING (claim_id)
        WHERE l.target = a.target AND l.claim_id <> a.claim_id AND l.phase = 'consent_pending' AND o.alarm_at < moment.at
          AND (a.ended_at IS NULL OR a.ended_at > moment.at)
      )`;

/** Only partners read usage: no other scope opens any. */
export function inScope(scope: Scope, parameters: SqlParameters): string {
  if (scope.kind !== 'partner') return 'false';
  const account = `a.partner_account_id = ${parameters.add(scope.accountId)}`;
  return scope.locations === 'all' ? account : `${account} AND a.partner_id = ANY(${parameters.add(scope.locations)})`;
}

/** Common table expressions that every read begins with: what follows can reach no row but through `grants`. */
export const gateSql = (viewer: UsageViewer, parameters: SqlParameters): string =>
  `${relatedClaimsSql}, grants AS (${openTenuresSql(viewer, parameters)})`;

/** The same, and `closed`: the tenures that no read opens. */
export const closedSql = (viewer: UsageViewer, parameters: SqlParameters): string => `
  ${gateSql(viewer, parameters)},
  closed AS (
    SELECT * FROM (${tenuresSql(viewer, parameters)}) t
    WHERE NOT EXISTS (SELECT FROM grants g WHERE g.association_id = t.association_id)
  )`;

/** Where a page of rows ended. */
export interface UsagePlace {
  associationId: string;
  month: string;
  dimension: string;
}

/** SQL of the rows that a grant opens: of each month and dimension the newest that is published, of the grant's months only. */
export function rowsOfGrant(set: UsageSet, { from, to }: MonthSpan, parameters: SqlParameters, after?: UsagePlace): string {
  const name = parameters.add(set.name);
  const conditions = [
    `r.set_name = ${name}`,
    'r.target = g.target',
    // Not a join: so asked, the published loads are hashed once a statement, however many there are.
    `(r.load_no IN (SELECT load_no FROM usage_imports WHERE set_name = ${name} AND state = 'published')) IS TRUE`,
    'r.tenant_id = g.tenant_id::uuid',
    'r.month >= g.first_month',
    '(g.last_month IS NULL OR r.month <= g.last_month)',
    ...(from === undefined ? [] : [`r.month >= ${parameters.add(from)}`]),
    ...(to === undefined ? [] : [`r.month <= ${parameters.add(to)}`]),
    ...(after === undefined ? [] : [`(g.association_id, r.month, r.dimension) > (${placeSql(after, parameters)})`]),
  ];
  return `
    SELECT DISTINCT ON (r.month, r.dimension) r.month, r.dimension, r.figures
    FROM usage_rows r WHERE ${conditions.join(' AND ')} ORDER BY r.month, r.dimension, r.load_no DESC`;
}

const placeSql = ({ associationId, month, dimension }: UsagePlace, parameters: SqlParameters): string =>
  [associationId, month, dimension].map((value) => parameters.add(value)).join(', ');
