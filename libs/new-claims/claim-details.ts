import { v5 as uuidV5 } from 'uuid';
import type { ClaimContacts, ClaimDetails, ContactReference, LineDetails, RevenueReference } from '#libs/claims/index.js';
import { normaliseDomain, pasted, pastedInLowerCase, readMailAddress } from '#libs/identifiers/index.js';
import type { PersonalItem } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import type { SentDetails } from './sent-claim.js';

/** What a claim states already, and a change may keep: line numbers and people. */
export interface StatedClaim {
  contacts: ClaimContacts;
  revenue: RevenueReference | null;
  /** Every line number ever used. */
  lines: number[];
  people: Record<string, Record<string, string> | null>;
}

export const nothingStated: StatedClaim = {
  contacts: { customer: null, partner: null, technical: null },
  revenue: null,
  lines: [],
  people: {},
};

type ContactName = keyof ClaimContacts;
const contactFields: Record<ContactName, ('name' | 'title' | 'email')[]> = {
  customer: ['name', 'title', 'email'],
  partner: ['name', 'email'],
  technical: ['name', 'title', 'email'],
};
const revenueFields = ['sellerName', 'customerName', 'solutionName'];

/** Converts what a caller sent into a claim's terms: identifiers in stored form, people by reference. */
export class DetailsReader {
  readonly personal: PersonalItem[] = [];

  constructor(
    private readonly commandId: string,
    private readonly stated: StatedClaim,
  ) {}

  read(sent: SentDetails): Partial<ClaimDetails> {
    const { contacts, revenue, lines, tenantId, domain, partnerId, name, ...rest } = sent;
    const changes: Partial<ClaimDetails> = {
      ...rest,
      ...(name === undefined ? {} : { name: name.trim() }),
      ...(partnerId === undefined ? {} : { partnerId: pasted(partnerId) }),
      ...(tenantId === undefined ? {} : { tenantId: pastedInLowerCase(tenantId) }),
      ...(domain === undefined ? {} : { domain: storedDomain(domain) }),
      ...(lines === undefined ? {} : { lines: this.lines(lines) }),
      ...(contacts === undefined ? {} : { contacts: this.contacts(contacts) }),
      ...(revenue === undefined ? {} : { revenue: revenue && this.revenue(revenue) }),
    };
    return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  }

  private lines(sent: NonNullable<SentDetails['lines']>): LineDetails[] {
    const named = sent.flatMap((line) => line.line ?? []);
    const unknown = named.find((line, index) => !this.stated.lines.includes(line) || named.indexOf(line) !== index);
    if (unknown !== undefined) throw lineUnknown(unknown);
    let next = Math.max(0, ...this.stated.lines);
    return sent.map(({ line, product, subscriptionId, activities }) => ({
      line: line ?? ++next,
      product: product.trim(),
      subscriptionId: pastedInLowerCase(subscriptionId ?? '') || null,
      activities,
    }));
  }

  private contacts(sent: NonNullable<SentDetails['contacts']>): ClaimContacts {
    const contactOf = (which: ContactName) => {
      const person = sent[which];
      return person === undefined ? this.stated.contacts[which] : person && this.contact(which, person);
    };
    return { customer: contactOf('customer'), partner: contactOf('partner'), technical: contactOf('technical') };
  }

  private contact(which: ContactName, sent: Record<string, string | undefined>): ContactReference {
    const content = Object.fromEntries(
      contactFields[which].map((field) => [field, (field === 'email' ? pasted : trimmed)(sent[field] ?? '')]),
    );
    const emailDomain = mailDomain(content['email'] ?? '');
    const missingFields = contactFields[which].filter((field) => (field === 'email' ? emailDomain === null : content[field] === ''));
    const personId = this.keep(this.stated.contacts[which]?.personId, { personId: this.idOf(which), kind: 'contact', content });
    return { personId, emailDomain: emailDomain ?? '', missingFields };
  }

  private revenue(sent: Record<string, string | undefined>): RevenueReference {
    const content = Object.fromEntries(revenueFields.map((field) => [field, sent[field]?.trim() ?? '']));
    const missingFields = revenueFields.filter((field) => content[field] === '');
    return {
      personId: this.keep(this.stated.revenue?.personId, { personId: this.idOf('revenue'), kind: 'names', content }),
      missingFields,
    };
  }

  /** Unchanged words about a person keep their reference, so restating them is no change. */
  private keep(known: string | undefined, item: PersonalItem): string {
    const before = known === undefined ? null : this.stated.people[known];
    if (known !== undefined && before && Object.entries(item.content).every(([field, value]) => before[field] === value)) return known;
    this.personal.push(item);
    return item.personId;
  }

  private idOf(purpose: string): string {
    return uuidV5(purpose, this.commandId);
  }
}

/** Keeps an unreadable domain as it was sent, for the rules to report. */
const storedDomain = (domain: string | null): string | null =>
  domain === null || pasted(domain) === '' ? null : (normaliseDomain(domain) ?? pastedInLowerCase(domain));

const trimmed = (text: string): string => text.trim();

/** Returns the domain of a mail address as A-labels; null when it is not an address. */
const mailDomain = (email: string): string | null => readMailAddress(email)?.domain ?? null;

function lineUnknown(line: number): Problem {
  const message = `The claim has no line ${line}, or it is named twice. Leave the number out for a new line.`;
  return new Problem('line_unknown', {
    detail: message,
    errors: [{ field: 'lines', pointer: '/lines', code: 'line_unknown', message, line }],
  });
}
