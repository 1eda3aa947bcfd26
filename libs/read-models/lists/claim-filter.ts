import type { Scope } from '#libs/auth/index.js';
import { type Phase, phases, statusLabels } from '#libs/claims/index.js';
import { pastedInLowerCase } from '#libs/identifiers/index.js';
import { withinScope } from '../within-scope.js';
import { Conditions } from './conditions.js';

/** What a list of claims is narrowed to; of several values any will do. */
export interface ClaimFilter {
  phase?: string[] | undefined;
  /** Labels of phases, as partners know them. */
  status?: string[] | undefined;
  area?: string[] | undefined;
  activity?: string[] | undefined;
  product?: string[] | undefined;
  partnerId?: string[] | undefined;
  tenantId?: string[] | undefined;
  /** Words of the customer's name or domain; the last may be the beginning of one. */
  customer?: string | undefined;
  reason?: string[] | undefined;
  tag?: string[] | undefined;
  externalReference?: string | undefined;
  isOpen?: boolean | undefined;
  dueAfter?: string | undefined;
  dueBefore?: string | undefined;
  updatedAfter?: string | undefined;
  /** Words of name, number, domain or customer, of which the last may be a beginning; or the beginning of the claim's id. */
  q?: string | undefined;
}

/** The conditions of a list of claims: those of the caller's scope first. */
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

/** Words are compared with rows as they are asked for, and looked up in the index of words as claims are known to have them: it is slow at beginnings. */
export type AskedOf = 'rows' | 'index';

/** The conditions of a filter alone, whoever asks. */
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

/** Somebody, or a clock, always has something to do on these. */
const openPhases: string[] = ['submitted', 'under_review', 'action_required', 'consent_pending', 'disputed'] satisfies Phase[];
const closablePhases: string[] = phases.filter((phase) => !openPhases.includes(phase));

/** Only what is open has a deadline; saying so lets the database use what it keeps on either. */
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

/** Whether nothing but what is open can fit. */
export const isOpenOnly = (filter: ClaimFilter): boolean =>
  filter.isOpen === true || (phasesOf(filter)?.every((phase) => openPhases.includes(phase)) ?? false);

export function phasesOf({ phase, status }: ClaimFilter): string[] | undefined {
  if (status === undefined) return phase;
  const labelled: string[] = phases.filter((one: Phase) => status.includes(statusLabels[one].en));
  return phase === undefined ? labelled : labelled.filter((one) => phase.includes(one));
}

const shortestBeginning = 8;
const wholeId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const noId = '00000000-0000-0000-0000-000000000000';

type ContentFilter = Pick<ClaimFilter, 'q' | 'customer' | 'activity' | 'product' | 'reason' | 'tag'>;

/** Whether a filter asks for what only the index of words knows. */
export const asksForContent = ({ q, customer, activity, product, reason, tag }: ContentFilter): boolean =>
  [q, customer, activity, product, reason, tag].some((one) => one !== undefined);

/** The conditions that the index of words answers. */
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
  const first = id + noId.slice(id.length);
  if (id.length < shortestBeginning || !wholeId.test(first)) return words;
  const last = id + noId.slice(id.length).replaceAll('0', 'f');
  return `${words} OR c.claim_id BETWEEN ${where.parameter(first)} AND ${where.parameter(last)}`;
}
