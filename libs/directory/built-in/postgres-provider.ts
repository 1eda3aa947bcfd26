import type { IdentifierFacts, SubscriptionFacts } from '#libs/claims/facts.js';
import type { AccountLocations, DirectoryAnswer, DirectoryProvider, DirectoryQuery } from '../directory-provider.js';
import { prepared } from '#libs/event-store/index.js';
import { pasted, pastedInLowerCase, storableText } from '#libs/identifiers/index.js';
import { type Queryable, rowsOf } from '../queryable.js';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const guidOrNull = (text: string) => (guid.test(pastedInLowerCase(text)) ? pastedInLowerCase(text) : null);
/** PostgreSQL rejects NUL and lone surrogates, so no stored value contains them. */
const storable = (text: string) => storableText(pasted(text));

const subscriptionColumns = `'subscriptionId', s.subscription_id, 'tenantId', s.tenant_id, 'product', s.product,
  'family', s.family, 'channel', s.channel, 'state', s.state, 'provisionedOn', s.provisioned_on,
  'endsOn', s.ends_on, 'graceEndsOn', s.grace_ends_on, 'successorId', s.successor_id`;

const enrolledSql = (partnerId: string) =>
  `(select coalesce(json_agg(e.programme order by e.programme), '[]') from enrolled e where e.partner_id = ${partnerId})`;

// One statement: one round trip, one snapshot. $1 PartnerID, $2 tenant, $3 identifiers that are GUIDs, $4 all identifiers, $5 instant.
const lookUpSql = `
with moment as materialized (select coalesce($5::timestamptz, cpor_now()) as at),
enrolled as (
  select e.partner_id, e.programme from directory_enrolments e, moment
  where e.state = 'enrolled' and (e.valid_until is null or e.valid_until >= (moment.at at time zone 'UTC')::date)
)
select
  (select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from moment) as "askedAt",
  (select json_build_object(
      'partnerId', l.partner_id, 'name', l.name, 'globalAccountId', l.account_id, 'legalName', a.legal_name, 'type', l.type,
      'isAgreementActive', a.is_agreement_active, 'isProfileComplete', l.is_profile_complete,
      'enrolledProgrammes', ${enrolledSql('l.partner_id')},
      'siblings', (select coalesce(json_agg(json_build_object('partnerId', o.partner_id, 'enrolledProgrammes', ${enrolledSql('o.partner_id')})
          order by o.partner_id), '[]')
        from directory_locations o where o.account_id = l.account_id and o.partner_id <> l.partner_id))
    from directory_locations l join directory_accounts a using (account_id) where l.partner_id = $1) as location,
  (select json_build_object(
      'tenantId', t.tenant_id, 'name', t.name, 'language', t.language, 'isPublicSector', t.is_public_sector,
      'domains', (select coalesce(json_agg(d.domain order by d.position, d.domain), '[]') from directory_tenant_domains d where d.tenant_id = t.tenant_id),
      'workloads', (select coalesce(json_agg(w.workload order by w.workload), '[]') from directory_tenant_workloads w where w.tenant_id = t.tenant_id),
      'admins', (select coalesce(json_agg(json_build_object('adminId', m.admin_id, 'name', m.name, 'email', m.email) order by m.position, m.admin_id), '[]')
        from directory_tenant_admins m where m.tenant_id = t.tenant_id),
      'subscriptions', (select coalesce(json_agg(json_build_object(${subscriptionColumns}) order by s.subscription_id), '[]')
        from directory_subscriptions s where s.tenant_id = t.tenant_id))
    from directory_tenants t where t.tenant_id = $2::uuid) as tenant,
  (select coalesce(json_agg(json_build_object(${subscriptionColumns})), '[]')
    from directory_subscriptions s where s.subscription_id = any($3::uuid[])) as subscriptions,
  (select coalesce(json_agg(t.tenant_id), '[]') from directory_tenants t where t.tenant_id = any($3::uuid[])) as tenants,
  (select coalesce(json_agg(o.order_id), '[]') from directory_orders o where o.order_id = any($4::text[])) as orders`;

const preparedLookUpSql = prepared(lookUpSql);

/** Answers several questions. $1 JSON array of questions. */
const lookUpManySql = `
select answer.* from jsonb_to_recordset($1::jsonb)
  as q(place int, "partnerId" text, "tenantId" uuid, guids uuid[], identifiers text[], at timestamptz),
  lateral (${lookUpSql
    .replaceAll('$1', 'q."partnerId"')
    .replaceAll('$2', 'q."tenantId"')
    .replaceAll('$3', 'q.guids')
    .replaceAll('$4', 'q.identifiers')
    .replaceAll('$5', 'q.at')}) as answer
order by q.place`;

interface LookUpRow extends Omit<DirectoryAnswer, 'identifiers'> {
  subscriptions: SubscriptionFacts[];
  tenants: string[];
  orders: string[];
}

/** The built-in directory, stored in PostgreSQL. Each look-up is one statement. */
export class PostgresDirectoryProvider implements DirectoryProvider {
  constructor(private readonly database: Queryable) {}

  async lookUp({ partnerId, tenantId, identifiers, at }: DirectoryQuery): Promise<DirectoryAnswer> {
    const { all, guids } = readIdentifiers(identifiers);
    const result = await this.database.query(preparedLookUpSql, [storable(partnerId), guidOrNull(tenantId), guids, all, at ?? null]);
    const [row] = rowsOf<LookUpRow>(result);
    if (row === undefined) throw new Error('The directory look-up returned no row.');
    return answerOf(row, all);
  }

  async lookUpMany(queries: DirectoryQuery[]): Promise<DirectoryAnswer[]> {
    const questions = queries.map(({ partnerId, tenantId, identifiers, at }, place) => {
      const { all, guids } = readIdentifiers(identifiers);
      return { place, partnerId: storable(partnerId), tenantId: guidOrNull(tenantId), guids, identifiers: all, at: at ?? null };
    });
    const rows = rowsOf<LookUpRow>(await this.database.query(lookUpManySql, [JSON.stringify(questions)]));
    return rows.map((row, place) => answerOf(row, questions[place]!.identifiers));
  }

  async locationsOf(globalAccountId: string): Promise<AccountLocations | null> {
    const result = await this.database.query(
      `SELECT a.legal_name AS "legalName", (
         SELECT coalesce(json_agg(json_build_object('partnerId', l.partner_id, 'name', l.name) ORDER BY l.partner_id), '[]')
         FROM directory_locations l WHERE l.account_id = a.account_id) AS locations
       FROM directory_accounts a WHERE a.account_id = $1::uuid`,
      [guidOrNull(globalAccountId)],
    );
    return rowsOf<AccountLocations>(result)[0] ?? null;
  }

  async tenantOf(domain: string): Promise<string | null> {
    // The closest verified domain decides: a sub-domain may belong to another tenant than the domain above it.
    const result = await this.database.query(
      `SELECT tenant_id AS "tenantId" FROM directory_tenant_domains WHERE domain = ANY($1) ORDER BY length(domain) DESC LIMIT 1`,
      [withParents(storableText(domain))],
    );
    return rowsOf<{ tenantId: string }>(result)[0]?.tenantId ?? null;
  }
}

/** `a.b.example` and the domains above it: `b.example`, `example`. */
function withParents(domain: string): string[] {
  const labels = domain.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

function readIdentifiers(identifiers: string[]): { all: string[]; guids: string[] } {
  const all = [...new Set(identifiers.map((identifier) => storableText(pastedInLowerCase(identifier))))];
  return { all, guids: all.filter((identifier) => guid.test(identifier)) };
}

function answerOf(row: LookUpRow, identifiers: string[]): DirectoryAnswer {
  const { askedAt, location, tenant } = row;
  return {
    askedAt,
    location,
    tenant,
    identifiers: Object.fromEntries(identifiers.map((identifier) => [identifier, kindOf(identifier, row)])),
  };
}

function kindOf(identifier: string, row: LookUpRow): IdentifierFacts {
  const subscription = row.subscriptions.find((candidate) => candidate.subscriptionId === identifier);
  if (subscription !== undefined) return { kind: 'subscription', subscription };
  if (row.tenants.includes(identifier)) return { kind: 'tenant' };
  return { kind: row.orders.includes(identifier) ? 'order' : 'unknown' };
}
