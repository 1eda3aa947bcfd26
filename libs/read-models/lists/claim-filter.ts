import type { Scope } from '#libs/auth/index.js';
import { type Phase, phases, statusLabels } from '#libs/claims/index.js';
import { pastedInLowerCase } from '#libs/identifiers/index.js';
import { withinScope } from '../within-scope.js';
import { Conditions } from './conditions.js';

/** Filters of a list of claims. They are combined with AND; a claim matches a filter with any of its values. */
export interface ClaimFilter {
  phase?: string[] | undefined;
  /** Labels of phases, as partners see them. */
  status?: string[] | undefined;
  area?: string[] | undefined;
  activity?: string[] | undefined;
  product?: string[] | undefined;
  partnerId?: string[] | undefined;
  tenantId?: string[] | undefined;
  /** Words of the customer's name or domain; the last may be a prefix. */
  customer?: string | undefined;
  reason?: string[] | undefined;
  tag?: string[] | undefined;
  externalReference?: string | undefined;
  isOpen?: boolean | undefined;
  dueAfter?: string | undefined;
  dueBefore?: string | undefined;
  updatedAfter?: string | undefined;
  /** Words of name, number, domain or customer, the last of which may be a prefix; or a prefix of the claim's id. */
  q?: string | undefined;
}

/** Returns the conditions of a list of claims, those of the caller's scope first. */
export function claimConditions(scope: Scope, filter: ClaimFilter): Conditions {
  const where = new Conditions();
  addClaimConditions(scope, filter, where);
  return where;
}

export function addClaimConditions(scope: Scope, filter: ClaimFilter, where: Conditions, asked?: AskedOf): void {
  where.add('c.version > 0');
  where.add(withinScope(scope, where.parameters));
  addFilter(filter, where, asked);
}

/** Whether words are matched against rows, prefixes included, or looked up in the word index, which is slow at prefixes and gets whole words. */
export type AskedOf = 'rows' | 'index';

/** Adds the conditions of a filter, regardless of who asks. */
export function addFilter(filter: ClaimFilter, where: Conditions, asked: AskedOf = 'rows'): void {
  where.addAny('c.phase', phasesOf(filter));
  where.addAny('c.area', filter.area);
  where.addAny('c.partner_id', filter.partnerId);
  where.addAny('c.tenant_id', filter.tenantId);
  const { externalReference, updatedAfter } = filter;
  if (externalReference !== undefined) where.add(`coalesce(c.external_reference, '') = ${where.parameter(externalReference)}`);
  if (updatedAfter !== undefined) where.add(`c.updated_at > ${where.parameter(updatedAfter)}`);
  for (const condition of contentConditions(filter, where, asked)) where.add(condition);
  addOpenness(filter, where);
}

/** In these phases a claim always waits for a person or a clock. */
const openPhases: string[] = ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'] satisfies Phase[];
const closablePhases: string[] = phases.filter((phase) => !openPhases.includes(phase));

/** Only open claims have deadlines; stating both lets the database use an index or statistics on either. */
function addOpenness(filter: ClaimFilter, where: Conditions): void {
  const { isOpen, dueAfter, dueBefore } = filter;
  const isDue = dueAfter !== undefined || dueBefore !== undefined;
  if (isDue || isOpenOnly(filter)) where.add('c.is_open');
  if (isOpen === false) {
    where.add(`NOT c.is_open AND coalesce(c.due_at, 'infinity') = 'infinity'`);
    if (phasesOf(filter) === undefined) where.addAny('c.phase', closablePhases);
  }
  if (dueAfter !== undefined) where.add(`coalesce(c.due_at, 'infinity') >= ${where.parameter(dueAfter)}`);
  if (isDue) where.add(`coalesce(c.due_at, 'infinity') < ${where.parameter(dueBefore ?? 'infinity')}`);
}

/** Returns whether only open claims can match. */
export const isOpenOnly = (filter: ClaimFilter): boolean =>
  filter.isOpen === true || (phasesOf(filter)?.every((phase) => openPhases.includes(phase)) ?? false);

export function phasesOf({ phase, status }: ClaimFilter): string[] | undefined {
  if (status === undefined) return phase;
  const labelled: string[] = phases.filter((candidate: Phase) => status.includes(statusLabels[candidate].en));
  return phase === undefined ? labelled : labelled.filter((candidate) => phase.includes(candidate));
}

const shortestIdPrefix = 8;
const wholeId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const zeroId = '00000000-0000-0000-0000-000000000000';

type ContentFilter = Pick<ClaimFilter, 'q' | 'customer' | 'activity' | 'product' | 'reason' | 'tag'>;

/** Returns whether a filter needs the word index. */
export const asksForContent = ({ q, customer, activity, product, reason, tag }: ContentFilter): boolean =>
  [q, customer, activity, product, reason, tag].some((value) => value !== undefined);

/** The conditions that the word index can answer. */
function contentConditions({ q, customer, activity, product, reason, tag }: ContentFilter, where: Conditions, asked: AskedOf): string[] {
  const words = (text: string, places: string) => {
    const query = `claim_query(${where.parameter(text)}, '${places}')`;
    return `c.words @@ ${asked === 'rows' ? query : `(SELECT known_${query})`}`;
  };
  const overlap = (column: string, values: string[] | undefined) =>
    values === undefined ? [] : [`${column} && ${where.parameter(values)}`];
  return [
    ...overlap('c.activities', activity),
    ...overlap('c.products', product),
    ...overlap('c.reasons', reason),
    ...overlap('c.tags', tag),
    ...(customer === undefined ? [] : [words(customer, 'BC')]),
    ...(q === undefined ? [] : [`(${searched(q, words(q, ''), where)})`]),
  ];
}

function searched(q: string, words: string, where: Conditions): string {
  const id = pastedInLowerCase(q);
  const first = id + zeroId.slice(id.length);
  if (id.length < shortestIdPrefix || !wholeId.test(first)) return words;
  const last = id + zeroId.slice(id.length).replaceAll('0', 'f');
  return `${words} OR c.claim_id BETWEEN ${where.parameter(first)} AND ${where.parameter(last)}`;
}
