import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import { codeOf, completeClaim, type Json, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { ironbridge } from '../../support/sample-directory.js';
import { Stage } from '../../support/stage.js';

describe('A claim’s evidence and submitted versions over HTTP', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;
  let partner: string;
  let tenants: { tenantId: string; domain: string }[];
  const [template] = samplePolicy.statementTemplates;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    partner = await api.token('claim_admin');
    const strict = {
      ...samplePolicy,
      name: 'strict',
      evidence: { ...samplePolicy.evidence, isTemplateRequired: true },
      automaticApprovals: [],
    };
    await stage.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('strict', 1, '2025-01-01', $1)`, [strict]);
    tenants = await addTenants(stage.source, 20);
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });
  const recently = () => new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  const inline = (more: Json = {}) => ({
    fileName: 'statement.pdf',
    contentBase64: somePdf().toString('base64'),
    signedOn: recently(),
    ...more,
  });
  function claimFor(tenant: { tenantId: string; domain: string }, more: Json = {}): Json {
    const contacts = {
      customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex@${tenant.domain}` },
      partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
    };
    return completeClaim({ ...tenant, contacts, submit: true, ...more });
  }
  const make = (body: Json, token = partner) => api.call('POST', '/v1/claims', { token, body });
  const upload = (claimId: string, fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(somePdf())], { type: 'application/pdf' }), 'newer.pdf');
    return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form });
  };
  const get = (path: string, token = partner) => api.call('GET', path, { token });

  it('keep superseded evidence, which no longer counts', async () => {
    const { body: claim } = await make(claimFor(tenants.pop()!, { submit: false, evidence: [inline({ signedOn: '2020-01-01' })] }));
    const [old] = claim['evidence'] as [Json];
    const stale = await api.call('POST', `/v1/claims/${claim['claimId']}/submissions`, { token: partner, body: {} });
    expect(codeOf(stale)).to.deep.equal([409, 'evidence_stale']);
    const added = await upload(claim['claimId'], {
      signedOn: recently(),
      supersedes: old['evidenceId'],
      coverTemplateSha256: template!.sha256.toUpperCase(),
      coverProducts: 'teams, exchange,,teams',
      coverActivities: 'usage',
    });
    expect(added.status, added.text).to.equal(201);
    expect(added.body).to.deep.include({
      supersedes: old['evidenceId'],
      supersededBy: null,
      cover: { tenantId: null, domain: null, templateSha256: template!.sha256, products: ['teams', 'exchange'], activities: ['usage'] },
    });
    const { items } = (await get(`/v1/claims/${claim['claimId']}/evidence`)).body;
    expect((items as Json[]).map(({ evidenceId, supersededBy }) => [evidenceId, supersededBy])).to.deep.equal([
      [old['evidenceId'], added.body['evidenceId']],
      [added.body['evidenceId'], null],
    ]);
    expect((await get(`/v1/claims/${claim['claimId']}/evidence/${old['evidenceId']}/content`)).status).to.equal(200);
    const [row] = await stage.source.query<[{ superseded_by: string }]>('SELECT superseded_by FROM evidence_files WHERE id = $1', [
      old['evidenceId'],
    ]);
    expect(row.superseded_by).to.equal(added.body['evidenceId']);
    expect((await api.call('POST', `/v1/claims/${claim['claimId']}/submissions`, { token: partner, body: {} })).status).to.equal(200);
    expect(codeOf(await upload(claim['claimId'], { supersedes: old['evidenceId'] }))).to.deep.equal([409, 'evidence_superseded']);
    expect(codeOf(await upload(claim['claimId'], { supersedes: claim['claimId'] }))).to.deep.equal([409, 'evidence_unknown']);
    expect((await get(`/v1/claims/${claim['claimId']}/evidence`)).body['items']).to.have.length(2);
  });

  it('must use a template if the programme requires one', async () => {
    const tenant = tenants.pop()!;
    const refused = await make(claimFor(tenant, { programme: 'strict', evidence: [inline()] }));
    expect(codeOf(refused)).to.deep.equal([409, 'evidence_template_required']);
    expect(refused.body['errors'][0]).to.include({ pointer: '/evidence/cover/templateSha256' });
    const taken = await make(
      claimFor(tenant, { programme: 'strict', evidence: [inline({ cover: { templateSha256: template!.sha256 } })] }),
    );
    expect([taken.status, taken.body['phase']], taken.text).to.deep.equal([201, 'submitted']);
  });

  it('include every submitted version with its contacts, and can be compared', async () => {
    const tenant = tenants.pop()!;
    const { body: claim } = await make(claimFor(tenant));
    const path = `/v1/claims/${claim['claimId']}`;
    const reviews = await api.token('reviewer');
    await api.call('POST', `${path}/information-requests`, {
      token: reviews,
      body: { reasons: ['evidence_products_missing'], suggestedDrops: [1] },
    });
    const read = await get(path);
    const edit = {
      lines: [{ product: 'exchange', activities: ['usage'] }],
      contacts: { customer: { name: 'Kim Novak', title: 'CIO', email: `kim@${tenant.domain}` } },
      tags: ['wave 2'],
    };
    const edited = await api.call('PATCH', path, { token: partner, body: edit, headers: { 'If-Match': read.headers.get('etag')! } });
    expect(edited.status, edited.text).to.equal(200);
    expect((await api.call('POST', `${path}/submissions`, { token: partner, body: {} })).status).to.equal(200);

    const { items } = (await get(`${path}/submissions`)).body;
    expect((items as Json[]).map(({ submission, lines }) => [submission, lines])).to.deep.equal([
      [1, [1]],
      [2, [2]],
    ]);
    const first = (await get(`${path}/submissions/1`)).body;
    expect(first['stated']['contacts']['customer']['name']).to.equal('Alex Carter');
    expect(first['stated']['lines']).to.deep.equal([{ line: 1, product: 'teams', subscriptionId: null, activities: ['usage'] }]);
    expect(first['differences']).to.equal(null);
    const second = (await get(`${path}/submissions/2?compareWith=1`)).body;
    const changes = Object.fromEntries((second['differences'] as Json[]).map(({ path: where, from, to }) => [where, [from, to]]));
    expect(changes).to.deep.equal({
      '/contacts/customer/email': [`alex@${tenant.domain}`, `kim@${tenant.domain}`],
      '/contacts/customer/name': ['Alex Carter', 'Kim Novak'],
      '/contacts/customer/title': ['Head of IT', 'CIO'],
      '/lines/1/activities': [['usage'], null],
      '/lines/1/line': [1, null],
      '/lines/1/product': ['teams', null],
      '/lines/1/subscriptionId': [null, null],
      '/lines/2/activities': [null, ['usage']],
      '/lines/2/line': [null, 2],
      '/lines/2/product': [null, 'exchange'],
      '/lines/2/subscriptionId': [null, null],
      '/tags': [[], ['wave 2']],
    });
    expect(codeOf(await get(`${path}/submissions/3`))).to.deep.equal([404, 'not_found']);
    expect(codeOf(await get(`${path}/submissions/2?compareWith=9`))).to.deep.equal([404, 'not_found']);
    const foreign = await api.token('claim_admin', { partner: ironbridge.accountId });
    expect(codeOf(await get(`${path}/submissions/1`, foreign))).to.deep.equal([404, 'not_found']);
  });

  describe('with a standard statement of work', () => {
    const onTemplate = (tenant: { tenantId: string; domain: string }, more: Json = {}) =>
      inline({ cover: { ...tenant, templateSha256: template!.sha256, products: ['teams'], activities: ['usage'], ...more } });
    const rules = async (claimId: string) => {
      const { items } = (await get(`/v1/claims/${claimId}/history?limit=100`)).body;
      return (items as Json[]).filter(({ type }) => type === 'LinesApproved').map(({ data, by }) => [data['rule'], by]);
    };

    it('cause an automatic approval, whose rule the history names', async () => {
      const tenant = tenants.pop()!;
      const { body, text } = await make(claimFor(tenant, { evidence: [onTemplate(tenant)] }));
      expect(body['phase'], text).to.equal('consent_pending');
      expect(await rules(body['claimId'])).to.deep.equal([['standard_statement_of_work', { kind: 'system', subject: 'cpor' }]]);
    });

    it('require a review if the cover form does not cover the claim or names another template', async () => {
      for (const more of [{ products: ['exchange'] }, { activities: [] }, { templateSha256: '0'.repeat(64) }]) {
        const tenant = tenants.pop()!;
        const { body } = await make(claimFor(tenant, { evidence: [onTemplate(tenant, more)] }));
        expect(body['phase'], JSON.stringify(more)).to.equal('submitted');
        expect(await rules(body['claimId'])).to.deep.equal([]);
      }
    });

    it('require a review if the claim is held', async () => {
      const tenant = tenants.pop()!;
      const contacts = {
        customer: { name: 'Alex Carter', title: 'Head of IT', email: 'alex@elsewhere.example' },
        partner: { name: 'Robin Fields', email: 'claims@evergreen.example' },
      };
      const { body, text } = await make(claimFor(tenant, { contacts, evidence: [onTemplate(tenant)] }));
      expect(body['phase'], text).to.equal('submitted');
      expect((body['findings'] as Json[]).map(({ code }) => code)).to.include('contact_domain_mismatch');
    });

    it('require a review if another partner claims the same target', async () => {
      const tenant = tenants.pop()!;
      const other = await api.token('claim_admin', { partner: ironbridge.accountId });
      const rival = await make(claimFor(tenant, { partnerId: ironbridge.partnerId }), other);
      expect(rival.body['phase'], rival.text).to.equal('submitted');
      const { body } = await make(claimFor(tenant, { evidence: [onTemplate(tenant)] }));
      expect(body['phase']).to.equal('submitted');
      expect(body['lines'][0]['competition']).to.deep.equal({ isCompeting: true, hearing: null, decision: null });
    });
  });
});
