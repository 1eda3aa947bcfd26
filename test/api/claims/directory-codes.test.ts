import { expect } from 'chai';
import { importDirectory } from '#libs/directory/index.js';
import { placeOfField } from '#libs/problems/index.js';
import { completeClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { ironbridge, northwind } from '../../support/sample-directory.js';

interface Case {
  code: string;
  when: string;
  claim: Json;
  field: string;
  line?: number;
  /** Whether the draft is refused too, not only the submission. */
  atSave?: boolean;
  /** The caller's locations or company, unless it is a user of Evergreen with all locations. */
  caller?: { locations?: string[]; partner?: string };
}

/** Tenants of the sample directory; each provokes one code. */
const tenants = {
  blueHeron: { tenantId: 'bf77df2a-6a8b-4c50-bd40-fa4a2e73527e', domain: 'blueheron-logistics.example' },
  harborLight: { tenantId: '1ace461b-0a3a-4e48-a32f-52646ffc3049', domain: 'hlb.example' },
  lakeshore: { tenantId: 'b09a8ddd-174e-4442-a177-78dca18a05b0', domain: 'lakeshore-university.example' },
  polar: { tenantId: 'f2c598cc-6311-4d6d-8a0b-d181cbdebf5d', domain: 'polar-flight.example' },
  school: { tenantId: '0d7a52c4-6d2f-4b0b-8a27-2f9f4f6a1c33', domain: 'school.example' },
  unknown: { tenantId: '00000000-0000-4000-8000-000000000000', domain: 'nowhere.example' },
};
const schoolSubscription = '1d7a52c4-6d2f-4b0b-8a27-2f9f4f6a1c33';
const businessCentral = 'de847485-fb6d-4324-b2c1-b47f0741328c';

const sells = (tenant: { tenantId: string; domain: string }, product: string, subscriptionId: string | null = null): Json => ({
  ...tenant,
  area: 'business_applications',
  lines: [{ product, subscriptionId, activities: ['presales'] }],
});
const subscriptionField = { field: 'lines[0].subscriptionId', line: 1 };
const productField = { field: 'lines[0].product', line: 1 };

const cases: Case[] = [
  { code: 'tenant_id_invalid', when: 'the tenant id is a name', claim: { tenantId: 'contoso' }, field: 'tenantId', atSave: true },
  { code: 'tenant_unknown', when: 'the directory does not have the tenant', claim: tenants.unknown, field: 'tenantId', atSave: true },
  { code: 'domain_invalid', when: 'the domain has no dot', claim: { domain: 'localhost' }, field: 'domain', atSave: true },
  {
    code: 'tenant_domain_mismatch',
    when: "the domain is another tenant's",
    claim: { domain: 'hlb.example' },
    field: 'domain',
    atSave: true,
  },
  { code: 'partner_id_invalid', when: 'the PartnerID is too short', claim: { partnerId: '12' }, field: 'partnerId', atSave: true },
  { code: 'partner_id_invalid', when: 'no location has the PartnerID', claim: { partnerId: '9999999' }, field: 'partnerId', atSave: true },
  { code: 'not_own_location', when: "the location is another company's", claim: { partnerId: '48213' }, field: 'partnerId', atSave: true },
  {
    code: 'not_own_location',
    when: "the location is not one of the user's",
    claim: {},
    field: 'partnerId',
    atSave: true,
    caller: { locations: ['1240388'] },
  },
  {
    code: 'product_not_on_tenant',
    when: 'the tenant lacks the workload',
    claim: { lines: [{ product: 'viva_topics', activities: ['usage'] }] },
    ...productField,
    atSave: true,
  },
  {
    code: 'product_not_on_tenant',
    when: 'the tenant has not bought the product',
    claim: sells(northwind, 'finance'),
    ...productField,
    atSave: true,
  },
  {
    code: 'not_a_subscription_id',
    when: 'the id is a tenant id',
    claim: sells(northwind, 'sales', northwind.tenantId),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'not_a_subscription_id',
    when: 'the id is an order id',
    claim: sells(northwind, 'sales', '8ce84f81-51cf-434f-aeb7-b9c9c5209c90'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'not_a_subscription_id',
    when: 'nothing has the id',
    claim: sells(northwind, 'sales', tenants.unknown.tenantId),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_other_tenant',
    when: 'another tenant bought the subscription',
    claim: sells(northwind, 'supply_chain', '5022e8f4-fa56-4206-b3ae-38cc8820c816'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_wrong_family',
    when: 'the subscription is for another product',
    claim: sells(northwind, 'sales', businessCentral),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_csp',
    when: 'a reseller sold the subscription',
    claim: sells(tenants.harborLight, 'sales', 'c73e5770-edb5-4d2c-a9f4-7fb5c3e9e02a'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_csp',
    when: 'the only subscription was sold by a reseller',
    claim: sells(tenants.harborLight, 'finance'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'channel_not_allowed',
    when: 'the subscription was sold through another channel',
    claim: sells(tenants.school, 'sales', schoolSubscription),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_not_provisioned',
    when: 'the subscription is not active yet',
    claim: sells(tenants.polar, 'field_service', '7c9b1f3e-52d6-4a8b-9e07-3f6a41d8c5b2'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_state',
    when: 'the subscription has expired',
    claim: sells(tenants.lakeshore, 'hr', 'fad9306d-4ae1-4d87-9a1a-a4f12a5d0739'),
    ...subscriptionField,
  },
  {
    code: 'subscription_required',
    when: 'two subscriptions are eligible and none is named',
    claim: sells(tenants.blueHeron, 'sales'),
    ...subscriptionField,
  },
  {
    code: 'location_not_enrolled',
    when: 'the location is enrolled only for another area',
    claim: { partnerId: '1240395' },
    field: 'partnerId',
  },
  {
    code: 'location_not_enrolled',
    when: 'the location’s enrolment has ended',
    claim: { partnerId: '48255' },
    field: 'partnerId',
    caller: { partner: ironbridge.accountId },
  },
  {
    code: 'agreement_inactive',
    when: 'the company has no active agreement',
    claim: { partnerId: '612990' },
    field: 'partnerId',
    caller: { partner: 'f664f742-b16d-4b7c-9e86-3514f0003e66' },
  },
  {
    code: 'profile_incomplete',
    when: 'the company’s payout profile is missing',
    claim: { partnerId: '904417' },
    field: 'partnerId',
    caller: { partner: 'e0469fa2-6029-45b9-b518-b05112d9d65f' },
  },
];

describe('The directory’s facts', () => {
  let database: TestDatabase;
  let api: TestApi;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    const subscription = {
      subscriptionId: schoolSubscription,
      product: 'sales',
      family: 'dynamics',
      channel: 'school_shop',
      state: 'active',
    };
    const { tenantId, domain } = tenants.school;
    const school = { tenantId, name: 'School', country: 'US', language: 'en', domains: [domain], subscriptions: [subscription] };
    expect(await importDirectory(database.source, { accounts: [], tenants: [school] })).to.include({ ok: true });
    api = await startTestApi({ database });
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const claim = async ({ claim: more, caller = {} }: Case, submit: boolean) => {
    const token = await api.token('claim_admin', { locations: ['*'], partner: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c', ...caller });
    const customer = { name: 'Alex Carter', title: 'Head of IT', email: 'alex.carter@northwind-traders.example' };
    const contacts = { customer, partner: { name: 'Robin Fields', email: 'claims@evergreen.example' } };
    const body = completeClaim({ contacts, ...more, submit });
    return api.call('POST', '/v1/claims', { token, body, headers: { Prefer: 'respond-async' } });
  };

  for (const testCase of cases) {
    const { code, when, field, line, atSave = false } = testCase;
    it(`cause a ${atSave ? 'draft' : 'submission'} to be refused with ${code} when ${when}`, async () => {
      const refused = await claim(testCase, true);
      expect([refused.status, refused.body['code']], refused.text).to.deep.equal([409, code]);
      expect((refused.body['errors'] as Json[]).map((error) => [error['code'], error['pointer'], error['line']])).to.deep.equal([
        [code, placeOfField(field).pointer, line],
      ]);
      const saved = await claim(testCase, false);
      expect([saved.status, saved.body['code']], saved.text).to.deep.equal(atSave ? [409, code] : [201, undefined]);
    });
  }
});
