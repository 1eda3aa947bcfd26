import { z } from 'zod';
import type { IdentifierFacts, RecordRemark, SubscriptionFacts, UnusableRecord } from '#libs/claims/facts.js';
import { cutTo, pastedInLowerCase, readMailAddress, storableName } from '#libs/identifiers/index.js';
import { code, domain, guid, language, maximumName } from '../field-schemas.js';
import { Identifier, Location, type LookUpRequest, Sibling, Subscription, Tenant } from './contract.js';
import type { DirectoryAnswer } from '../directory-provider.js';

type Raw = Record<string, unknown>;

/**
 * Reads any answer, however malformed, against the request. Harmless faults are corrected and listed in `remarks`. A record that cannot be
 * used is listed in `unusable`: a claim then fails with the reason instead of waiting for an answer that will not change.
 */
export function readAnswer(body: unknown, request: LookUpRequest): DirectoryAnswer {
  if (!isRecord(body)) return unusableAnswer(request, 'the answer is not a JSON object');
  return new AnswerReader(request).read(body);
}

/** Returns an answer in which every record is unusable. */
export function unusableAnswer(request: LookUpRequest, why: string): DirectoryAnswer {
  const unusable: UnusableRecord[] = [
    { record: 'location', id: null, product: null, why },
    { record: 'tenant', id: null, product: null, why },
    ...request.identifiers.map((id) => ({ record: 'identifier' as const, id, product: null, why })),
  ];
  return { askedAt: request.at, location: null, tenant: null, identifiers: {}, unusable };
}

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

class AnswerReader {
  private readonly unusable: UnusableRecord[] = [];
  private readonly remarks: RecordRemark[] = [];

  constructor(private readonly request: LookUpRequest) {}

  read(body: Raw): DirectoryAnswer {
    const location = this.record('location', Location, body['location'], (raw) => this.cleanLocation(raw));
    const tenant = this.tenant(body['tenant']);
    const identifiers = this.identifiers(body['identifiers']);
    const { unusable, remarks } = this;
    return {
      askedAt: this.request.at,
      location,
      tenant,
      identifiers,
      ...(unusable.length > 0 && { unusable }),
      ...(remarks.length > 0 && { remarks }),
    };
  }

  /** Returns a valid record, or null if it is unknown or, with an entry in `unusable`, invalid. */
  private record<Shape extends z.ZodType>(
    record: 'location' | 'tenant',
    schema: Shape,
    sent: unknown,
    clean: (raw: Raw) => Raw,
  ): z.output<Shape> | null {
    if (sent === null) return null;
    const parsed = schema.safeParse(isRecord(sent) ? clean(sent) : sent);
    const why = parsed.success ? this.mismatchOf(record, parsed.data as Raw) : reasonsOf(parsed.error);
    if (parsed.success && why === null) return parsed.data;
    this.unusable.push({ record, id: null, product: null, why: why! });
    return null;
  }

  /** A record of another location or tenant says nothing about the one in question. */
  private mismatchOf(record: 'location' | 'tenant', found: Raw): string | null {
    if (record === 'location') return found['partnerId'] === this.request.partnerId ? null : 'it belongs to another PartnerID';
    return found['tenantId'] === this.request.tenantId ? null : 'it belongs to another tenant';
  }

  private tenant(sent: unknown): DirectoryAnswer['tenant'] {
    const list = isRecord(sent) && Array.isArray(sent['subscriptions']) ? (sent['subscriptions'] as unknown[]) : null;
    const tenant = this.record('tenant', Tenant, sent, (raw) => this.cleanTenant({ ...raw, ...(list !== null && { subscriptions: [] }) }));
    if (tenant === null || list === null) return tenant;
    if (list.length > maximumItems) {
      this.unusable.push({ record: 'tenant', id: null, product: null, why: 'subscriptions: too many entries' });
      return null;
    }
    return { ...tenant, subscriptions: list.flatMap((item) => this.subscription(item, tenant.tenantId) ?? []) };
  }

  private subscription(sent: unknown, tenantId: string): SubscriptionFacts | null {
    const parsed = Subscription.safeParse(sent);
    const why = parsed.success ? (parsed.data.tenantId === tenantId ? null : 'it belongs to another tenant') : reasonsOf(parsed.error);
    if (parsed.success && why === null) return parsed.data;
    const { subscriptionId, product } = isRecord(sent) ? sent : {};
    const id = guid.safeParse(subscriptionId).data ?? null;
    this.unusable.push({ record: 'subscription', id, product: code.safeParse(product).data ?? null, why: why! });
    return null;
  }

  private identifiers(sent: unknown): Record<string, IdentifierFacts> {
    const answered = new Map(isRecord(sent) ? Object.entries(sent).map(([key, value]) => [pastedInLowerCase(key), value]) : []);
    return Object.fromEntries(
      this.request.identifiers.flatMap((id): [string, IdentifierFacts][] => {
        const parsed = Identifier.safeParse(answered.get(id));
        const why = answered.has(id) ? faultOf(parsed, id) : 'the answer does not say what it identifies';
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
    if (isNameless) this.remark('location', 'name is empty; the legal name is used instead');
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
    if (isNameless) this.remark('tenant', 'name is empty; the first domain is used instead');
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
    if (storable !== sent.trim()) this.remark(record, `${field} contains unprintable characters, which were replaced`);
    if (storable.length > maximumName) this.remark(record, `${field} is longer than ${maximumName} characters and was truncated`);
    return cutTo(storable, maximumName);
  }

  /** A location type only causes a warning, so an invalid one is normalised or replaced. */
  private type(sent: unknown): unknown {
    if (typeof sent !== 'string' || code.safeParse(sent).success) return sent;
    const lower = sent
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    if (code.safeParse(lower).success) return lower;
    this.remark('location', 'type is not a valid code; `other` is used instead');
    return 'other';
  }

  /** Accepts tags such as `ru-RU`. A language without notice texts becomes English. */
  private language(sent: unknown): unknown {
    if (sent !== undefined && sent !== null && typeof sent !== 'string') return sent;
    const known = language.safeParse(sent?.trim().toLowerCase().split(/[-_]/)[0]);
    if (known.success) return known.data;
    this.remark('tenant', 'language is not supported; English is used instead');
    return 'en';
  }

  /** Returns the valid items. No claim can refer to an invalid one, so leaving it out is safe. */
  private items(record: RecordRemark['record'], field: string, item: z.ZodType, sent: unknown): unknown {
    if (!Array.isArray(sent) || sent.length > maximumItems) return sent;
    const usable = sent.flatMap((entry) => {
      const parsed = item.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    });
    const invalid = sent.length - usable.length;
    if (invalid > 0)
      this.remark(record, `${field}: ${invalid} of ${sent.length} entries ${invalid === 1 ? 'is' : 'are'} invalid and left out`);
    return usable;
  }

  /** Leaves out administrators without a usable address, so that the others are still notified. */
  private admins(sent: unknown): unknown {
    if (!Array.isArray(sent) || sent.length > maximumItems) return sent;
    const seen = new Set<string>();
    return sent.flatMap((admin, index) => {
      const { adminId, name, email } = isRecord(admin) ? admin : {};
      const id = guid.safeParse(adminId).data;
      const address = typeof email === 'string' ? readMailAddress(email)?.address : undefined;
      const missing = id === undefined ? 'ID' : address === undefined ? 'e-mail address' : null;
      if (missing !== null) {
        this.remark('tenant', `administrator ${index + 1} of ${sent.length} has no usable ${missing} and gets no notices`);
        return [];
      }
      // An administrator who is listed twice gets one mail.
      if (seen.size === seen.add(`${id} ${address}`).size) return [];
      const storable = typeof name === 'string' ? cutTo(storableName(name), maximumName) : '';
      // The mail's greeting needs a name; without one, use the address.
      return [{ adminId: id, name: storable === '' ? cutTo(address!, maximumName) : storable, email: address }];
    });
  }

  private remark(record: RecordRemark['record'], what: string): void {
    if (this.remarks.length < maximumRemarks) this.remarks.push({ record, what });
  }
}

/** The contract's limit for every list. */
const maximumItems = 10_000;
const maximumRemarks = 20;

function faultOf(parsed: z.ZodSafeParseResult<z.output<typeof Identifier>>, id: string): string | null {
  if (!parsed.success) return reasonsOf(parsed.error);
  const isOther = parsed.data.kind === 'subscription' && parsed.data.subscription.subscriptionId !== id;
  return isOther ? 'the answer describes another subscription' : null;
}

/** Returns the first three faults with their fields. Values are left out because they can be personal data. */
function reasonsOf({ issues }: z.ZodError): string {
  const named = issues.map(({ path, message }) => {
    const field = path.map(String).filter((part) => /^[\w-]{1,64}$/.test(part));
    return `${field.length === 0 ? '' : `${field.join('.')}: `}${message.replace(/^Invalid input: /, '')}`;
  });
  return [...new Set(named)].slice(0, 3).join('; ');
}
