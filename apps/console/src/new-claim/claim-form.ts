import type { Claim, ClaimChanges, NewClaim } from '../client/index.js';

export interface FormLine {
  /** Number of the line in the saved claim; absent for a new one. */
  line?: number;
  product: string;
  subscriptionId: string | null;
  activities: string[];
}

export interface FormPerson {
  name: string;
  title: string;
  email: string;
}

/** What a person fills in, as the controls hold it: texts, empty if nothing was typed. */
export interface ClaimForm {
  programme: string;
  partnerId: string;
  tenantId: string;
  domain: string;
  area: string;
  lines: FormLine[];
  name: string;
  externalReference: string;
  /** Separated by commas. */
  tags: string;
  customer: FormPerson;
  partner: FormPerson;
  technical: FormPerson;
  revenue: { sellerName: string; customerName: string; solutionName: string };
  transactionOn: string;
  isOptedOutOfIncentives: boolean;
  acknowledgementVersion: number | null;
}

const nobody: FormPerson = { name: '', title: '', email: '' };

export const emptyForm: ClaimForm = {
  programme: '',
  partnerId: '',
  tenantId: '',
  domain: '',
  area: '',
  lines: [],
  name: '',
  externalReference: '',
  tags: '',
  customer: nobody,
  partner: nobody,
  technical: nobody,
  revenue: { sellerName: '', customerName: '', solutionName: '' },
  transactionOn: '',
  isOptedOutOfIncentives: false,
  acknowledgementVersion: null,
};

export function formOf(claim: Claim): ClaimForm {
  const { contacts } = claim;
  return {
    programme: claim.programme,
    partnerId: claim.partnerId,
    tenantId: claim.tenantId,
    domain: claim.domain ?? '',
    area: claim.area,
    lines: claim.lines.map(({ line, product, subscriptionId, activities }) => ({ line, product, subscriptionId, activities })),
    name: claim.name,
    externalReference: claim.externalReference ?? '',
    tags: claim.tags.join(', '),
    customer: { ...nobody, ...contacts.customer },
    partner: { ...nobody, ...contacts.partner },
    technical: { ...nobody, ...contacts.technical },
    revenue: { ...emptyForm.revenue, ...claim.revenue },
    transactionOn: claim.transactionOn ?? '',
    isOptedOutOfIncentives: claim.isOptedOutOfIncentives,
    acknowledgementVersion: claim.acknowledgementVersion,
  };
}

/** A new claim like an earlier one. The evidence and the acknowledgement belong to each claim alone. */
export function copyOf(claim: Claim): ClaimForm {
  const lines = claim.lines.map(({ product, subscriptionId, activities }) => ({ product, subscriptionId, activities }));
  return { ...formOf(claim), lines, acknowledgementVersion: null };
}

/** An object without its empty texts; null if nothing is left. */
function filled<Value extends Record<string, string>>(value: Value): Partial<Value> | null {
  const entries = Object.entries(value).filter(([, text]) => text.trim() !== '');
  return entries.length === 0 ? null : (Object.fromEntries(entries) as Partial<Value>);
}

const contactOf = ({ name, title, email }: FormPerson) => filled({ name, title, email });
const partnerOf = ({ name, email }: FormPerson) => filled({ name, email });

export const tagsOf = (tags: string): string[] => [...new Set(tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');

/** The whole form as the API takes it. */
function bodyOf(form: ClaimForm) {
  return {
    programme: form.programme,
    partnerId: form.partnerId,
    tenantId: form.tenantId,
    domain: form.domain.trim() || null,
    area: form.area,
    lines: form.lines,
    name: form.name,
    externalReference: form.externalReference.trim() || null,
    tags: tagsOf(form.tags),
    contacts: { customer: contactOf(form.customer), partner: partnerOf(form.partner), technical: contactOf(form.technical) },
    revenue: filled(form.revenue),
    transactionOn: form.transactionOn || null,
    isOptedOutOfIncentives: form.isOptedOutOfIncentives,
    acknowledgementVersion: form.acknowledgementVersion,
  } satisfies ClaimChanges;
}

export const newClaimOf = (form: ClaimForm): NewClaim => bodyOf(form);

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What differs from the saved claim, as a PATCH takes it. */
export function changesOf(form: ClaimForm, saved: ClaimForm): ClaimChanges {
  const [now, before] = [bodyOf(form), bodyOf(saved)];
  return Object.fromEntries(Object.entries(now).filter(([field, value]) => !isEqual(value, before[field as keyof typeof before])));
}

export const isChanged = (form: ClaimForm, saved: ClaimForm): boolean => Object.keys(changesOf(form, saved)).length > 0;

export type FormField = keyof ClaimForm;

export interface Merge {
  form: ClaimForm;
  /** Fields that differ here from what the other side has made of them. */
  changed: FormField[];
  /** Those of them that were changed here as well; the form keeps what was entered here. */
  kept: FormField[];
}

/** Joins what was entered here with what was saved elsewhere since. A field that both changed keeps what was entered here. */
export function mergeForms(base: ClaimForm, mine: ClaimForm, theirs: ClaimForm): Merge {
  const fields = Object.keys(base) as FormField[];
  const changed = fields.filter((field) => !isEqual(base[field], theirs[field]) && !isEqual(mine[field], theirs[field]));
  const kept = changed.filter((field) => !isEqual(base[field], mine[field]));
  const adopted = changed.filter((field) => !kept.includes(field)).map((field) => [field, theirs[field]]);
  return { form: { ...mine, ...(Object.fromEntries(adopted) as Partial<ClaimForm>) }, changed, kept };
}
