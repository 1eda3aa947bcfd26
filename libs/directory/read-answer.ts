import { z } from 'zod';
import type { IdentifierFacts, RecordRemark, SubscriptionFacts, UnusableRecord } from '#libs/claims/facts.js';
import { cutTo, pastedInLowerCase, readMailAddress, storableName } from '#libs/identifiers/index.js';
import { code, domain, guid, language, maximumName } from './fields.js';
import { Identifier, Location, type LookUpRequest, Sibling, Subscription, Tenant } from './http-contract.js';
import type { DirectoryAnswer } from './provider.js';

type Raw = Record<string, unknown>;

/**
 * Reads an answer against its question, whatever it is. What is harmless is set right and remarked on; a record that cannot be used is
 * stated as such, so that a claim is told why it cannot go on instead of waiting for an answer that will never be another.
 */
export function readAnswer(body: unknown, asked: LookUpRequest): DirectoryAnswer {
  if (!isRecord(body)) return unusableAnswer(asked, 'the answer is no JSON object');
  return new AnswerReader(asked).read(body);
}

/** An answer of which nothing can be used. */
export function unusableAnswer(asked: LookUpRequest, why: string): DirectoryAnswer {
  const unusable: UnusableRecord[] = [
    { record: 'location', id: null, product: null, why },
    { record: 'tenant', id: null, product: null, why },
    ...asked.identifiers.map((id) => ({ record: 'identifier' as const, id, product: null, why })),
  ];
  return { askedAt: asked.at, location: null, tenant: null, identifiers: {}, unusable };
}

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

class AnswerReader {
  private readonly unusable: UnusableRecord[] = [];
  private readonly remarks: RecordRemark[] = [];

  constructor(private readonly asked: LookUpRequest) {}

  read(body: Raw): DirectoryAnswer {
    const location = this.record('location', Location, body['location'], (raw) => this.cleanLocation(raw));
    const tenant = this.tenant(body['tenant']);
    const identifiers = this.identifiers(body['identifiers']);
    const { unusable, remarks } = this;
    return {
      askedAt: this.asked.at,
      location,
      tenant,
      identifiers,
      ...(unusable.length > 0 && { unusable }),
      ...(remarks.length > 0 && { remarks }),
    };
  }

  /** A record of the contract's shape, null when it is not known, or null and a fault. */
  private record<Shape extends z.ZodType>(
    record: 'location' | 'tenant',
    schema: Shape,
    sent: unknown,
    clean: (raw: Raw) => Raw,
  ): z.output<Shape> | null {
    if (sent === null) return null;
    const parsed = schema.safeParse(isRecord(sent) ? clean(sent) : sent);
    const why = parsed.success ? this.strangerOf(record, parsed.data as Raw) : reasonsOf(parsed.error);
    if (parsed.success && why === null) return parsed.data;
    this.unusable.push({ record, id: null, product: null, why: why! });
    return null;
  }

  /** An answer about somebody else says nothing about who was asked about. */
  private strangerOf(record: 'location' | 'tenant', found: Raw): string | null {
    if (record === 'location') return found['partnerId'] === this.asked.partnerId ? null : 'it is of another PartnerID';
    return found['tenantId'] === this.asked.tenantId ? null : 'it is of another tenant';
  }

  private tenant(sent: unknown): DirectoryAnswer['tenant'] {
    const list = isRecord(sent) && Array.isArray(sent['subscriptions']) ? (sent['subscriptions'] as unknown[]) : null;
    const tenant = this.record('tenant', Tenant, sent, (raw) => this.cleanTenant({ ...raw, ...(list !== null && { subscriptions: [] }) }));
    if (tenant === null || list === null) return tenant;
    if (list.length > maximumItems) {
      this.unusable.push({ record: 'tenant', id: null, product: null, why: 'subscriptions: too many' });
      return null;
    }
    return { ...tenant, subscriptions: list.flatMap((one) => this.subscription(one, tenant.tenantId) ?? []) };
  }

  private subscription(sent: unknown, tenantId: string): SubscriptionFacts | null {
    const parsed = Subscription.safeParse(sent);
    const why = parsed.success ? (parsed.data.tenantId === tenantId ? null : 'it is of another tenant') : reasonsOf(parsed.error);
    if (parsed.success && why === null) return parsed.data;
    const { subscriptionId, product } = isRecord(sent) ? sent : {};
    const id = guid.safeParse(subscriptionId).data ?? null;
    this.unusable.push({ record: 'subscription', id, product: code.safeParse(product).data ?? null, why: why! });
    return null;
  }

  private identifiers(sent: unknown): Record<string, IdentifierFacts> {
    const told = new Map(isRecord(sent) ? Object.entries(sent).map(([key, value]) => [pastedInLowerCase(key), value]) : []);
    return Object.fromEntries(
      this.asked.identifiers.flatMap((id): [string, IdentifierFacts][] => {
        const parsed = Identifier.safeParse(told.get(id));
        const why = told.has(id) ? faultOf(parsed, id) : 'the answer does not say what it stands for';
        if (parsed.success && why === null) return [[id, parsed.data]];
        this.unusable.push({ record: 'identifier', id, product: null, why: why! });
        return [];
      }),
    );
  }

  private cleanLocation(raw: Raw): Raw {
    const legalName = this.name('location', 'legalName', raw['legalName']);
    const name = this.name('location', 'name', raw['name']);
    const isNameless = name === '' && typeof legalName === 'string' && legalName !== '';
    if (isNameless) this.remark('location', 'name is empty; the legal name stands in its place');
    return {
      ...raw,
      legalName,
      name: isNameless ? legalName : name,
      type: this.type(raw['type']),
      enrolledProgrammes: this.items('location', 'enrolledProgrammes', code, raw['enrolledProgrammes']),
      siblings: this.items('location', 'siblings', Sibling, raw['siblings']),
    };
  }

  private cleanTenant(raw: Raw): Raw {
    const domains = this.items('tenant', 'domains', domain, raw['domains']);
    const name = this.name('tenant', 'name', raw['name']);
    const [first] = Array.isArray(domains) ? (domains as unknown[]) : [];
    const isNameless = (name === '' || name === undefined || name === null) && typeof first === 'string';
    if (isNameless) this.remark('tenant', 'name is empty; its first domain stands in its place');
    return {
      ...raw,
      name: isNameless ? first : name,
      domains,
      language: this.language(raw['language']),
      workloads: this.items('tenant', 'workloads', code, raw['workloads']),
      admins: this.admins(raw['admins']),
    };
  }

  private name(record: RecordRemark['record'], field: string, sent: unknown): unknown {
    if (typeof sent !== 'string') return sent;
    const storable = storableName(sent);
    if (storable !== sent.trim()) this.remark(record, `${field} holds characters that cannot be printed; they were replaced`);
    if (storable.length > maximumName) this.remark(record, `${field} is longer than ${maximumName} characters; it was cut`);
    return cutTo(storable, maximumName);
  }

  /** It only warns: a type by another name is another type. */
  private type(sent: unknown): unknown {
    if (typeof sent !== 'string' || code.safeParse(sent).success) return sent;
    const lower = sent
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    if (code.safeParse(lower).success) return lower;
    this.remark('location', 'type is no code; `other` is taken');
    return 'other';
  }

  /** A tag such as `ru-RU` names a language too; in one that no notice is written in, the customer gets English. */
  private language(sent: unknown): unknown {
    if (sent !== undefined && sent !== null && typeof sent !== 'string') return sent;
    const known = language.safeParse(sent?.trim().toLowerCase().split(/[-_]/)[0]);
    if (known.success) return known.data;
    this.remark('tenant', 'language is none in which notices are written; English is taken');
    return 'en';
  }

  /** The items that can be used. One that cannot be read names nothing that a claim could be about. */
  private items(record: RecordRemark['record'], field: string, item: z.ZodType, sent: unknown): unknown {
    if (!Array.isArray(sent) || sent.length > maximumItems) return sent;
    const usable = sent.flatMap((one) => {
      const parsed = item.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    });
    const left = sent.length - usable.length;
    if (left > 0) this.remark(record, `${field}: ${left} of ${sent.length} cannot be read and ${left === 1 ? 'was' : 'were'} left out`);
    return usable;
  }

  /** An administrator who cannot be written to keeps nobody else from hearing. */
  private admins(sent: unknown): unknown {
    if (!Array.isArray(sent) || sent.length > maximumItems) return sent;
    const known = new Set<string>();
    return sent.flatMap((one, index) => {
      const { adminId, name, email } = isRecord(one) ? one : {};
      const id = guid.safeParse(adminId).data;
      const address = typeof email === 'string' ? readMailAddress(email)?.address : undefined;
      const fault = id === undefined ? 'no ID' : address === undefined ? 'no mail address' : null;
      if (fault !== null) {
        this.remark('tenant', `administrator ${index + 1} of ${sent.length} has ${fault} that can be used and gets no notices`);
        return [];
      }
      // Somebody who is listed twice is written to once.
      if (known.size === known.add(`${id} ${address}`).size) return [];
      const storable = typeof name === 'string' ? cutTo(storableName(name), maximumName) : '';
      // A greeting needs some name; the address is the one that is sure to be right.
      return [{ adminId: id, name: storable === '' ? cutTo(address!, maximumName) : storable, email: address }];
    });
  }

  private remark(record: RecordRemark['record'], what: string): void {
    if (this.remarks.length < maximumRemarks) this.remarks.push({ record, what });
  }
}

/** As many as the contract takes of any list. */
const maximumItems = 10_000;
const maximumRemarks = 20;

function faultOf(parsed: z.ZodSafeParseResult<z.output<typeof Identifier>>, id: string): string | null {
  if (!parsed.success) return reasonsOf(parsed.error);
  const isOther = parsed.data.kind === 'subscription' && parsed.data.subscription.subscriptionId !== id;
  return isOther ? 'it is answered with another subscription' : null;
}

/** The first faults by field. Values are not named: they may be of people. */
function reasonsOf({ issues }: z.ZodError): string {
  const named = issues.map(({ path, message }) => {
    const field = path.map(String).filter((part) => /^[\w-]{1,64}$/.test(part));
    return `${field.length === 0 ? '' : `${field.join('.')}: `}${message.replace(/^Invalid input: /, '')}`;
  });
  return [...new Set(named)].slice(0, 3).join('; ');
}
