import { isStored, type UsageColumn, type UsageSet } from './sets.js';
import { subscriptionOf } from './target.js';
import { isServed, type UsageViewer, withheldFrom } from './usage-access.js';

/** Returns the columns that a viewer is served. */
export const servedColumns = (set: UsageSet, viewer: UsageViewer): UsageColumn[] =>
  set.columns.filter((column) => isServed(column, viewer));

/** SQL that is true when the column, or one that it is calculated from, is a count of people too small to show. */
export function suppressionOf(set: UsageSet, column: UsageColumn): string {
  const people = [column, ...sourcesOf(set, column)].filter(({ isSuppressible }) => isSuppressible);
  if (people.length === 0) return 'false';
  const isSmall = people.map(({ name }) => `${number(name)} < g.suppress_below`).join(' OR ');
  return `coalesce(g.suppress_below IS NOT NULL AND (${isSmall}), false)`;
}

/** SQL of a column's value as JSON, regardless of who asks. */
function valueOf(column: UsageColumn): string {
  if (isStored(column)) return `r.figures -> '${column.name}'`;
  switch (column.source) {
    case 'tenant':
      return 'to_jsonb(g.tenant_id)';
    case 'month':
      return 'to_jsonb(r.month)';
    case 'subscription':
      return `to_jsonb(${subscriptionOf('g.target')})`;
    case 'claim_number':
      return 'to_jsonb(g.number)';
    case 'partner_id':
      return 'to_jsonb(g.partner_id)';
    case 'associated_on':
      return 'to_jsonb(g.associated_on)';
    case 'attribution':
      return `'"CPOR"'::jsonb`;
    case 'difference':
      return `to_jsonb(${number(column.of![0])} - ${number(column.of![1])})`;
    case 'percentage':
      return `to_jsonb(round(100 * ${number(column.of![0])} / nullif(${number(column.of![1])}, 0), 1))`;
    default:
      throw new Error(`The column ${column.name} has no known source.`);
  }
}

/** Cast from JSON: going through text would take longer than everything else about a sum. */
const number = (name: string): string => `(r.figures -> '${name}')::numeric`;

/** SQL of the value that a viewer is shown: null when it is withheld or suppressed. */
export const shownValue = (set: UsageSet, viewer: UsageViewer, column: UsageColumn): string =>
  `CASE WHEN ${withheldFrom(viewer, column)} OR ${suppressionOf(set, column)} THEN NULL ELSE ${valueOf(column)} END`;

/** SQL of the two values that a percentage is calculated from, as far as the viewer is shown them; both are null when either is. */
export function percentageParts(set: UsageSet, viewer: UsageViewer, column: UsageColumn): { part: string; whole: string } {
  const [part, whole] = column.of!;
  const isHidden = `${withheldFrom(viewer, column)} OR ${suppressionOf(set, column)} OR ${number(part)} IS NULL OR ${number(whole)} IS NULL`;
  const shown = (name: string) => `CASE WHEN ${isHidden} THEN NULL ELSE ${number(name)} END`;
  return { part: shown(part), whole: shown(whole) };
}

const sourcesOf = (set: UsageSet, column: UsageColumn): UsageColumn[] =>
  set.columns.filter(({ name }) => column.of?.includes(name) === true);

/** SQL of a percentage of sums. */
export const percentageOf = (part: string, whole: string): string => `round(100 * sum(${part}) / nullif(sum(${whole}), 0), 1)`;
