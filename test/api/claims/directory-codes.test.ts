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
  /** Whether a draft is refused too; else it is found with the submission. */
  atSave?: boolean;
  /** The location scope of the caller, where it is not the whole company; or another company. */
  caller?: { locations?: string[]; partner?: string };
}

/** Tenants, subscriptions and locations of the sample directory, each good for one code. */
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
  { code: 'tenant_id_invalid', when: 'it is a name', claim: { tenantId: 'contoso' }, field: 'tenantId', atSave: true },
  { code: 'tenant_unknown', when: 'the directory lacks it', claim: tenants.unknown, field: 'tenantId', atSave: true },
  { code: 'domain_invalid', when: 'it has no dot', claim: { domain: 'localhost' }, field: 'domain', atSave: true },
  { code: 'tenant_domain_mismatch', when: "it is another tenant's", claim: { domain: 'hlb.example' }, field: 'domain', atSave: true },
  { code: 'partner_id_invalid', when: 'it is too short', claim: { partnerId: '12' }, field: 'partnerId', atSave: true },
  { code: 'partner_id_invalid', when: 'no location has it', claim: { partnerId: '9999999' }, field: 'partnerId', atSave: true },
  { code: 'not_own_location', when: "it is another company's", claim: { partnerId: '48213' }, field: 'partnerId', atSave: true },
  {
    code: 'not_own_location',
    when: "it is outside the user's locations",
    claim: {},
    field: 'partnerId',
    atSave: true,
    caller: { locations: ['1240388'] },
  },
  {
    code: 'product_not_on_tenant',
    when: 'it lacks the workload',
    claim: { lines: [{ product: 'viva_topics', activities: ['usage'] }] },
    ...productField,
    atSave: true,
  },
  { code: 'product_not_on_tenant', when: 'it bought no such product', claim: sells(northwind, 'finance'), ...productField, atSave: true },
  {
    code: 'not_a_subscription_id',
    when: 'it is a tenant',
    claim: sells(northwind, 'sales', northwind.tenantId),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'not_a_subscription_id',
    when: 'it is an order',
    claim: sells(northwind, 'sales', '8ce84f81-51cf-434f-aeb7-b9c9c5209c90'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'not_a_subscription_id',
    when: 'nothing has it',
    claim: sells(northwind, 'sales', tenants.unknown.tenantId),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_other_tenant',
    when: 'somebody else bought it',
    claim: sells(northwind, 'supply_chain', '5022e8f4-fa56-4206-b3ae-38cc8820c816'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_wrong_family',
    when: 'it is for something else',
    claim: sells(northwind, 'sales', businessCentral),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_csp',
    when: 'a reseller sold it',
    claim: sells(tenants.harborLight, 'sales', 'c73e5770-edb5-4d2c-a9f4-7fb5c3e9e02a'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_csp',
    when: 'it is the only one',
    claim: sells(tenants.harborLight, 'finance'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'channel_not_allowed',
    when: 'it came another way',
    claim: sells(tenants.school, 'sales', schoolSubscription),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_not_provisioned',
    when: 'it is not active yet',
    claim: sells(tenants.polar, 'field_service', '7c9b1f3e-52d6-4a8b-9e07-3f6a41d8c5b2'),
    ...subscriptionField,
    atSave: true,
  },
  {
    code: 'subscription_state',
    when: 'it has expired',
    claim: sells(tenants.lakeshore, 'hr', 'fad9306d-4ae1-4d87-9a1a-a4f12a5d0739'),
    ...subscriptionField,
  },
  { code: 'subscription_required', when: 'two are eligible', claim: sells(tenants.blueHeron, 'sales'), ...subscriptionField },
  { code: 'location_not_enrolled', when: 'it is enrolled elsewhere', claim: { partnerId: '1240395' }, field: 'partnerId' },
  {
    code: 'location_not_enrolled',
    when: 'its enrolment has ended',
    claim: { partnerId: '48255' },
    field: 'partnerId',
    caller: { partner: ironbridge.accountId },
  },
  {
    code: 'agreement_inactive',
    when: 'the company has none',
    claim: { partnerId: '612990' },
    field: 'partnerId',
    caller: { partner: 'f664f742-b16d-4b7c-9e86-3514f0003e66' },
  },
  {
    code: 'profile_incomplete',
    when: 'its payout profile is missing',
    claim: { partnerId: '904417' },
    field: 'partnerId',
    caller: { partner: 'e0469fa2-6029-45b9-b518-b05112d9d65f' },
  },
];

describe('Directory facts', () => {
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

  for (const one of cases) {
    const { code, when, field, line, atSave = false } = one;
    it(`refuse a ${atSave ? 'draft' : 'submission'} with ${code} when ${when}`, async () => {
      const refused = await claim(one, true);
      expect([refused.status, refused.body['code']], refused.text).to.deep.equal([409, code]);
      expect((refused.body['errors'] as Json[]).map((error) => [error['code'], error['pointer'], error['line']])).to.deep.equal([
        [code, placeOfField(field).pointer, line],
      ]);
      const saved = await claim(one, false);
      expect([saved.status, saved.body['code']], saved.text).to.deep.equal(atSave ? [409, code] : [201, undefined]);
    });
  }
});
