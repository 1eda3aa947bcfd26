import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { placeOfField } from '#libs/problems/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import { completeClaim, type Json, type Reply, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { blueHeron, evergreen, ironbridge, northwind } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';
import { domainCodes } from './codes.expected.js';

/** Customers and partners of the sample directory; each provokes one code. */
const directory = {
  northwind: { ...northwind, sales: 'dcb61247-2905-4a97-aee4-a7edffc78672', businessCentral: 'de847485-fb6d-4324-b2c1-b47f0741328c' },
  order: '8ce84f81-51cf-434f-aeb7-b9c9c5209c90',
  suite: '3d43f4d0-b4ac-471c-b8a1-32618c1aca9e',
  blueHeronSales: 'd24fe2b1-7f7a-4769-bcf5-088580f8f738',
  csp: {
    tenantId: '1ace461b-0a3a-4e48-a32f-52646ffc3049',
    domain: 'harborlight-bank.example',
    finance: '4f5938ea-8d34-4037-b8fa-d75888b1031f',
  },
  notProvisioned: {
    tenantId: 'c766e390-ca07-4ff1-8516-e6f6fc9d2df2',
    domain: 'juniper-medical.example',
    fieldService: '3f3e0605-31a3-4939-aff9-f9ab61860048',
  },
  suspended: {
    tenantId: '69e39f6d-fdf8-41ba-a0e8-d7694fb3d533',
    domain: 'summitridge.example',
    commerce: 'd6f41010-1455-4aef-aa84-95ca103f4d9a',
  },
  notEnrolled: '1240395',
  fastTrack: '48240',
  withoutAgreement: { accountId: 'f664f742-b16d-4b7c-9e86-3514f0003e66', partnerId: '612990' },
  withoutProfile: { accountId: 'e0469fa2-6029-45b9-b518-b05112d9d65f', partnerId: '904417' },
};

/** Changes to the sample programme that some codes need. */
const programmes: Record<string, Partial<Policy>> = {
  'with-technical-contact': { isTechnicalContactRequired: true },
  'one-product': { maximumProducts: 1 },
  'small-files': { evidence: { ...samplePolicy.evidence, maximumBytes: 200 } },
  'prompt-claims': { lateClaimDays: 90 },
};

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
// The EICAR test file, split so that virus scanners do not report this source file.
const infected = Buffer.concat([somePdf(), Buffer.from(`${'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR'}${'-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'}`)]);
const workload = (product: string, activities = ['usage']) => [{ product, activities }];
const subscription = (product: string, subscriptionId: string | null, activities = ['presales']) => ({
  area: 'business_applications',
  lines: [{ product, activities, ...(subscriptionId === null ? {} : { subscriptionId }) }],
});
const at = ({ tenantId, domain }: { tenantId: string; domain: string }): Json => ({
  tenantId,
  domain,
  contacts: {
    customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${domain}` },
    partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
  },
});
const file = (content: Buffer, signedOn = daysAgo(30), more: Json = {}) => [
  { fileName: 'statement.pdf', contentBase64: content.toString('base64'), signedOn, ...more },
];

/** The field and line of the claim that an error names, if any. */
interface Place {
  field?: string;
  line?: number;
}

const isHeader = ({ field }: Place): boolean => field === 'If-Match' || field === 'Idempotency-Key';
const pointerOf = ({ field }: Place): string | undefined => (field === undefined ? undefined : placeOfField(field).pointer);
interface Row extends Place {
  provoke: () => Promise<Reply>;
  status: number;
  /** Further places, for a code that is reported several times. */
  also?: Place[];
  /** Set if the claim is accepted and the code is one of its findings. */
  severity?: 'warning' | 'hold';
}

describe('The domain’s error codes over HTTP', function () {
  this.timeout(60_000);
  let stage: Stage;
  let api: TestApi;
  const tenants: { tenantId: string; domain: string }[] = [];
  const tenant = () => tenants.pop()!;
  const reseller = { subscriptionId: randomUUID(), tenant: { tenantId: '', domain: '' } };
  /** Targets that are already held, by a rival (`taken`) and by the own company (`own`). */
  const taken = { tenantId: '', domain: '' };
  const own = { tenantId: '', domain: '', claimId: '' };

  before(async function () {
    this.timeout(120_000);
    stage = await Stage.open();
    api = await startTestApi(stage);
    tenants.push(...(await addTenants(stage.source, 14)));
    const bought = { subscriptionId: reseller.subscriptionId, product: 'sales', family: 'dynamics' as const, channel: 'reseller' };
    const known = { provisionedOn: '2026-01-01', endsOn: null, graceEndsOn: null, successorId: null };
    [reseller.tenant] = (await addTenants(stage.source, 1, [{ ...bought, ...known, state: 'active' }])) as [typeof reseller.tenant];
    for (const [name, changes] of Object.entries(programmes)) await publish(name, changes);
    await makeOfficials();
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const publish = (name: string, changes: Partial<Policy>) =>
    stage.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, '2025-01-01', $2)`, [
      name,
      { ...samplePolicy, ...changes, name },
    ]);

  const partnerToken = (partner = evergreen.accountId) => api.token('claim_admin', { partner });
  const post = async (path: string, token: string, body: unknown = {}, headers = {}) => api.call('POST', path, { token, body, headers });
  const draft = async (more: Json = {}, partner?: string) => post('/v1/claims', await partnerToken(partner), completeClaim(more));
  /** Saves a draft. Checks made only at submission do not prevent it. */
  const drafted = async (more: Json = {}, partner?: string): Promise<Json> => {
    const made = await draft(more, partner);
    expect(made.status, made.text).to.equal(201);
    return made.body;
  };
  const submit = async (more: Json = {}, partner?: string) => {
    const { claimId } = await drafted(more, partner);
    return post(`/v1/claims/${claimId}/submissions`, await partnerToken(partner));
  };
  const done = async (reply: Promise<Reply>): Promise<Json> => {
    const { status, text, body } = await reply;
    expect(status, text).to.be.lessThan(202);
    return body;
  };
  const submitted = (more: Json = {}, partner?: string) => done(submit(more, partner));
  const decide = async (claimId: string, body: Json, reviewer: Json = {}) => {
    const token = await api.token('reviewer', reviewer);
    const claim = await api.call('GET', `/v1/claims/${claimId}`, { token });
    return post(`/v1/claims/${claimId}/decisions`, token, body, { 'If-Match': claim.headers.get('etag')! });
  };
  const rejected = async (more: Json = {}): Promise<string> => {
    const { claimId } = await submitted({ ...at(tenant()), ...more });
    await done(decide(claimId, { outcome: 'reject', reason: 'evidence_insufficient' }));
    return claimId;
  };
  const dispute = async (claimId: string, body: Json) => post(`/v1/claims/${claimId}/disputes`, await partnerToken(), body);
  /** Submits and approves a claim, which the customer then refuses. */
  const declined = async (customer: { tenantId: string; domain: string }, answer: Json = {}): Promise<string> => {
    const { claimId } = await submitted(at(customer));
    await done(decide(claimId, { outcome: 'approve' }));
    await done(post(`/v1/claims/${claimId}/opt-outs`, await api.token('tenant_admin', { tenant: customer.tenantId }), answer));
    return claimId;
  };
  const edit = async (claimId: string, body: Json, etag?: string) => {
    const token = await partnerToken();
    const claim = await api.call('GET', `/v1/claims/${claimId}`, { token });
    return api.call('PATCH', `/v1/claims/${claimId}`, { token, body, headers: { 'If-Match': etag ?? claim.headers.get('etag')! } });
  };
  const upload = async (content: Buffer, programme = 'sample') => {
    const { claimId } = await drafted({ programme, evidence: [] });
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(content)]), 'statement.pdf');
    return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: await partnerToken(), body: form });
  };
  const advance = async (by: string) => done(post('/v1/sandbox/clock/advances', await api.token('operator'), { by }));

  /** Takes three claims of two companies through review and the consent window until they are official. */
  async function makeOfficials(): Promise<void> {
    Object.assign(taken, tenant());
    Object.assign(own, tenant());
    const made = [
      await submitted({ ...at(taken), partnerId: ironbridge.partnerId }, ironbridge.accountId),
      await submitted(
        { ...at(northwind), ...subscription('sales', directory.northwind.sales), partnerId: ironbridge.partnerId },
        ironbridge.accountId,
      ),
      await submitted(at(own)),
    ];
    own.claimId = made[2]!['claimId'] as string;
    const token = await api.token('reviewer');
    const read = async (claimId: string) => (await api.call('GET', `/v1/claims/${claimId}`, { token })).body;
    for (const { claimId } of made) {
      await done(decide(claimId, { outcome: 'approve' }));
      await waitFor('the window', async () => ((await read(claimId))['waiting'] as Json[]).some((wait) => wait['for'] === 'customer'));
    }
    await advance('P14D');
    for (const { claimId } of made) await waitFor('an official claim', async () => (await read(claimId))['phase'] === 'official');
  }

  const refused = (provoke: Row['provoke'], place: Place = {}, status = 409): Row => ({ provoke, status, ...place });
  const onSave = (more: Json, place: Place, partner?: string): Row => refused(() => draft(more, partner), place);
  const onSubmit = (more: Json, place: Place, partner?: string): Row => refused(() => submit(more, partner), place);
  /** The claim is accepted with a finding: a warning appears on the draft, a hold only at submission. */
  const accepted = (severity: 'warning' | 'hold', more: Json | (() => Json), place: Place, partner?: string): Row => ({
    provoke: async () => {
      const { claimId, findings } = await drafted(typeof more === 'function' ? more() : more, partner);
      expect((findings as Json[]).map((finding) => finding['pointer'])).to.deep.equal(severity === 'warning' ? [pointerOf(place)] : []);
      return post(`/v1/claims/${claimId}/submissions`, await partnerToken(partner));
    },
    status: 200,
    severity,
    ...place,
  });
  const product = { field: 'lines[0].product', line: 1 };
  const subscriptionId = { field: 'lines[0].subscriptionId', line: 1 };
  const activities = { field: 'lines[0].activities', line: 1 };

  const rows: Record<string, Row> = {
    tenant_id_invalid: onSave({ tenantId: 'contoso' }, { field: 'tenantId' }),
    domain_invalid: onSave({ domain: 'contoso' }, { field: 'domain' }),
    partner_id_invalid: onSave({ partnerId: '12' }, { field: 'partnerId' }),
    tenant_unknown: onSave({ tenantId: randomUUID() }, { field: 'tenantId' }),
    tenant_domain_mismatch: onSave({ domain: blueHeron.domain }, { field: 'domain' }),
    product_not_on_tenant: onSave({ lines: workload('viva_topics') }, product),
    subscription_other_tenant: onSave(subscription('sales', directory.blueHeronSales), subscriptionId),
    not_a_subscription_id: onSave(subscription('sales', directory.order), subscriptionId),
    subscription_wrong_family: onSave(subscription('sales', directory.suite), subscriptionId),
    subscription_csp: onSave({ ...at(directory.csp), ...subscription('finance', directory.csp.finance) }, subscriptionId),
    subscription_not_provisioned: onSave(
      { ...at(directory.notProvisioned), ...subscription('field_service', directory.notProvisioned.fieldService) },
      subscriptionId,
    ),
    subscription_state: onSubmit({ ...at(directory.suspended), ...subscription('commerce', directory.suspended.commerce) }, subscriptionId),
    subscription_already_claimed: accepted('warning', subscription('sales', directory.northwind.sales), subscriptionId),
    workload_already_claimed: accepted('warning', () => at(taken), product),
    duplicate_own: refused(() => draft(at(own)), product),
    channel_not_allowed: refused(
      () => draft({ ...at(reseller.tenant), ...subscription('sales', reseller.subscriptionId) }),
      subscriptionId,
    ),
    activity_not_in_area: onSave({ lines: workload('teams', ['presales']) }, activities),
    activity_combination: onSave(subscription('sales', directory.northwind.sales, ['revenue_association', 'presales']), activities),
    location_not_enrolled: onSubmit({ partnerId: directory.notEnrolled }, { field: 'partnerId' }),
    location_wrong_type: accepted('warning', { partnerId: directory.fastTrack }, { field: 'partnerId' }, ironbridge.accountId),
    not_own_location: onSave({ partnerId: ironbridge.partnerId }, { field: 'partnerId' }),
    agreement_inactive: onSubmit(
      { partnerId: directory.withoutAgreement.partnerId },
      { field: 'partnerId' },
      directory.withoutAgreement.accountId,
    ),
    profile_incomplete: onSubmit(
      { partnerId: directory.withoutProfile.partnerId },
      { field: 'partnerId' },
      directory.withoutProfile.accountId,
    ),
    claim_name_required: onSubmit({ name: '' }, { field: 'name' }),
    acknowledgement_required: onSubmit({ acknowledgementVersion: null }, { field: 'acknowledgementVersion' }),
    contact_incomplete: {
      ...onSubmit(
        { contacts: { customer: { name: 'Alex Carter', email: `alex@${northwind.domain}` } } },
        { field: 'contacts.customer.title' },
      ),
      also: [{ field: 'contacts.partner.name' }, { field: 'contacts.partner.email' }],
    },
    technical_contact_required: onSubmit(
      { programme: 'with-technical-contact', ...subscription('business_central', directory.northwind.businessCentral) },
      { field: 'contacts.technical' },
    ),
    contact_domain_mismatch: accepted(
      'hold',
      {
        lines: workload('intune'),
        contacts: { ...at(northwind)['contacts'], customer: { name: 'A', title: 'B', email: 'a@elsewhere.example' } },
      },
      { field: 'contacts.customer.email' },
    ),
    evidence_mismatch: accepted(
      'hold',
      { lines: workload('sharepoint'), evidence: file(somePdf(), daysAgo(30), { cover: { tenantId: blueHeron.tenantId } }) },
      { field: 'evidence' },
    ),
    subscription_required: onSubmit({ ...at(blueHeron), ...subscription('sales', null) }, subscriptionId),
    revenue_fields_required: {
      ...onSubmit(subscription('business_central', directory.northwind.businessCentral, ['revenue_association']), {
        field: 'revenue.sellerName',
      }),
      also: [{ field: 'revenue.customerName' }, { field: 'revenue.solutionName' }],
    },
    products_required: onSave({ lines: [] }, { field: 'lines' }),
    too_many_products: onSave({ programme: 'one-product', lines: [...workload('teams'), ...workload('exchange')] }, { field: 'lines' }),
    evidence_missing: onSubmit({ evidence: [] }, { field: 'evidence' }),
    evidence_stale: onSubmit({ evidence: file(somePdf(), daysAgo(800)) }, { field: 'evidence.signedOn' }),
    evidence_signed_in_future: onSubmit({ evidence: file(somePdf(), daysAgo(-200)) }, { field: 'evidence.signedOn' }),
    evidence_type: refused(() => upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), { field: 'file' }, 415),
    evidence_too_large: refused(() => upload(Buffer.concat([somePdf(), Buffer.alloc(200, ' ')]), 'small-files'), { field: 'file' }, 413),
    evidence_infected: refused(() => upload(infected), { field: 'file' }),
    late_claim: onSubmit({ programme: 'prompt-claims', transactionOn: daysAgo(91) }, { field: 'transactionOn' }),
    claim_cooldown: refused(async () => {
      const customer = tenant();
      await declined(customer);
      return submit(at(customer));
    }, product),
    partner_blocked: refused(
      async () => {
        const customer = tenant();
        await declined(customer, { blockPartner: true });
        return submit({ ...at(customer), lines: workload('exchange') });
      },
      { field: 'tenantId' },
    ),
    not_editable_in_state: refused(
      async () => {
        const { claimId } = await drafted();
        await done(api.call('DELETE', `/v1/claims/${claimId}`, { token: await partnerToken() }));
        return edit(claimId, { name: 'Another' });
      },
      { field: 'name' },
    ),
    field_locked: refused(async () => edit((await submitted(at(tenant())))['claimId'], { area: 'business_applications' }), {
      field: 'area',
    }),
    dispute_already_used: refused(
      async () => {
        const claimId = await rejected();
        const { version } = await done(dispute(claimId, { statement: 'It is signed.' }));
        const second = await api.token('reviewer', { subject: 'second' });
        await done(post(`/v1/claims/${claimId}/dispute-decisions`, second, { outcome: 'final' }, { 'If-Match': `"${version}"` }));
        return dispute(claimId, { statement: 'It is.' });
      },
      { field: 'lines', line: 1 },
    ),
    dispute_not_allowed: refused(async () => dispute(await declined(tenant()), { statement: 'It wants us.' }), { field: 'lines', line: 1 }),
    dispute_statement_required: refused(async () => dispute(await rejected(), {}), { field: 'statement' }),
    disassociation_reason_required: refused(async () => post(`/v1/claims/${own.claimId}/disassociations`, await partnerToken(), {}), {
      field: 'reason',
    }),
    self_review_forbidden: refused(
      async () => {
        const { claimId } = await submitted(at(tenant()));
        return decide(claimId, { outcome: 'approve' }, { subject: 'both-hats', actsFor: [evergreen.accountId] });
      },
      {},
      403,
    ),
    decision_record_required: refused(
      async () => {
        const customer = tenant();
        const { claimId } = await submitted(at(customer));
        await submitted({ ...at(customer), partnerId: ironbridge.partnerId }, ironbridge.accountId);
        return decide(claimId, { outcome: 'approve' });
      },
      { field: 'lines', line: 1 },
    ),
    version_conflict: refused(async () => edit((await drafted())['claimId'], { name: 'Another' }, '"1"'), { field: 'If-Match' }, 412),
    idempotency_conflict: refused(
      async () => {
        const [key, token] = [randomUUID(), await partnerToken()];
        await done(api.call('POST', '/v1/claims', { token, key, body: completeClaim() }));
        return api.call('POST', '/v1/claims', { token, key, body: completeClaim({ name: 'Another' }) });
      },
      { field: 'Idempotency-Key' },
      422,
    ),
    dispute_window_closed: refused(
      async () => {
        const claimId = await rejected();
        await advance('P31D');
        return dispute(claimId, { statement: 'It is signed.' });
      },
      { field: 'lines', line: 1 },
    ),
  };

  it('are exactly the codes tested here', () => expect(Object.keys(rows)).to.have.members(domainCodes));

  for (const [code, { provoke, status, severity, also = [], field, line }] of Object.entries(rows)) {
    const places = [{ ...(field === undefined ? {} : { field }), ...(line === undefined ? {} : { line }) }, ...also];
    it(`include ${code}, ${severity === undefined ? `answered with ${status}` : `a ${severity} on the claim`}`, async () => {
      const reply = await provoke();
      expect(reply.status, reply.text).to.equal(status);
      if (severity === undefined) {
        expect(reply.body['code'], reply.text).to.equal(code);
        const errors = reply.body['errors'] as Json[];
        // A header is named by `field`; it has no JSON pointer.
        const isAbout = ({ field, pointer }: Json) => (pointer ?? field) as string | undefined;
        expect(errors.map((error) => [error['code'], isAbout(error), error['line']])).to.deep.equal(
          places.map((place) => [code, isHeader(place) ? place.field : pointerOf(place), place.line]),
        );
        return;
      }
      const findings = reply.body['findings'] as Json[];
      expect(findings.map(({ message: _, ...finding }) => finding)).to.deep.equal(
        places.map((place) => ({ code, severity, ...placeOfField(place.field!), line: place.line ?? null })),
      );
    });
  }
});
