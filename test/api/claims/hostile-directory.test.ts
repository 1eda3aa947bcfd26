import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type DirectoryAnswer, PostgresDirectoryProvider } from '#libs/directory/index.js';
import { executeCommands } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { completeClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { answerWith, type Misbehaviour, refuse, sendJson, TestDirectoryService } from '../../support/directory-service.js';
import { northwind } from '../../support/sample-directory.js';

const admin = { adminId: '5f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10', name: 'Ann Lee', email: 'ann.lee@northwind-traders.example' };

/** Faulty directory records. `field` is set if the submission is refused, `remark` if it is accepted with a finding. */
const records: { what: string; tenant?: Json; location?: Json; field?: string; remark?: RegExp }[] = [
  { what: "NUL in the tenant's name", tenant: { name: 'North\0wind' }, remark: /name contains unprintable characters/ },
  {
    what: "half a surrogate pair in the tenant's name",
    tenant: { name: 'North\ud800wind' },
    remark: /name contains unprintable characters/,
  },
  { what: 'no name', tenant: { name: '' }, remark: /name is empty/ },
  { what: 'a name of 500 characters', tenant: { name: '😀'.repeat(250) }, remark: /longer than 200/ },
  {
    what: "NUL and half a surrogate pair in the partner's names",
    location: { name: '\0', legalName: 'Ever\udc00green\0' },
    remark: /legalName contains/,
  },
  {
    what: 'an administrator without an address',
    tenant: { admins: [admin, { ...admin, email: undefined }] },
    remark: /administrator 2 of 2/,
  },
  {
    what: 'an administrator with half an address',
    tenant: { admins: [{ ...admin, email: 'ann@' }, admin] },
    remark: /administrator 1 of 2/,
  },
  {
    what: 'an administrator with NUL in the address',
    tenant: { admins: [{ ...admin, email: 'a\0b@northwind-traders.example' }] },
    remark: /administrator 1 of 1/,
  },
  { what: 'an administrator with an address in Cyrillic', tenant: { admins: [{ ...admin, email: 'иван@пример.рф' }] } },
  { what: 'the same administrator twice', tenant: { admins: [admin, admin] } },
  { what: 'an unsupported language', tenant: { language: 'tlh' }, remark: /language/ },
  { what: 'invalid domains', tenant: { domains: [northwind.domain, 'a b', '\0', 'x'.repeat(300)] }, remark: /domains: 3 of 4/ },
  { what: 'invalid workload codes', tenant: { workloads: ['teams', '\0', 'T'.repeat(100)] }, remark: /workloads: 2 of 3/ },
  { what: 'a public-sector flag that is not a boolean', tenant: { isPublicSector: 'no' }, field: 'tenantId' },
  { what: 'no valid domain', tenant: { domains: ['\0'] }, field: 'tenantId' },
  { what: 'the id of another tenant', tenant: { tenantId: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10' }, field: 'tenantId' },
  { what: 'administrators that are not a list', tenant: { admins: 'nobody' }, field: 'tenantId' },
  { what: 'no legal name for the partner', location: { legalName: ' \0 ' }, field: 'partnerId' },
  { what: 'an account id that is not a GUID', location: { globalAccountId: 'evergreen' }, field: 'partnerId' },
];

const answers: [string, Misbehaviour][] = [
  ['not an object', answerWith(['\0'])],
  ['cut short', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"tenant":{"name":"\ud800')],
  ['refused with 400', refuse(400)],
  ['3 MiB long', answerWith({ location: null, tenant: null, identifiers: {}, more: 'x'.repeat(3 * 1024 * 1024) })],
];

describe('A submission with a faulty directory', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let service: TestDirectoryService;
  let api: TestApi;
  let partner: string;
  let sound: DirectoryAnswer;

  before(async () => {
    database = await createTestDatabase();
    const directory = new PostgresDirectoryProvider(database.source);
    service = new TestDirectoryService(directory);
    await service.start();
    api = await startTestApi({ database, env: { DIRECTORY_URL: service.url, DIRECTORY_TOKEN: service.token } });
    partner = await api.token('claim_admin');
    sound = await directory.lookUp({ partnerId: '1240371', tenantId: northwind.tenantId, identifiers: [] });
  });
  after(async () => {
    await api?.close();
    await service?.stop();
    await database?.close();
  });

  /** Submits for a new tenant, so that no cached answer is used. */
  const submit = (more: Json = {}) => {
    const customer = { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${northwind.domain}` };
    const contacts = { customer, partner: { name: 'Robin Fields', email: 'claims@evergreen.example' } };
    const body = completeClaim({ submit: true, ...northwind, tenantId: randomUUID(), contacts, ...more });
    return api.call('POST', '/v1/claims', { token: partner, body, headers: { Prefer: 'respond-async' } });
  };

  for (const { what, tenant = {}, location = {}, field, remark } of records) {
    it(`is ${field === undefined ? 'accepted' : 'refused with directory_record_unusable'} when a record has ${what}`, async () => {
      service.always = (response, { body }) => {
        const identifiers = Object.fromEntries(body.identifiers.map((id) => [id, { kind: 'unknown' }]));
        const { tenantId } = body;
        sendJson(response, { location: { ...sound.location, ...location }, tenant: { ...sound.tenant, tenantId, ...tenant }, identifiers });
      };
      const reply = await submit({ lines: [{ product: 'teams', activities: ['usage'] }] });
      if (field !== undefined) {
        const codes = (reply.body['errors'] as Json[]).map((error) => [error['code'], error['field']]);
        expect([reply.status, codes], reply.text).to.deep.equal([409, [['directory_record_unusable', field]]]);
        return;
      }
      expect(reply.status, reply.text).to.equal(202);
      const claimId = reply.body['claimId'] as string;
      const { position } = await executeCommands(database.source, new ProgrammeLibrary(database.source), claimId);
      expect(position.phase).to.equal('submitted');
      const [claim] = await database.source.query<[{ state: Json }]>('SELECT state FROM claims WHERE claim_id = $1', [claimId]);
      const findings = (claim.state['findings'] as Json[]).map(({ code, message }) => `${code}: ${message}`);
      if (remark === undefined) expect(findings).to.deep.equal([]);
      else
        expect(findings.join('\n'))
          .to.match(/directory_record_faulty/)
          .and.match(remark);
    });
  }

  for (const [what, misbehaviour] of answers) {
    it(`is refused with directory_record_unusable when the answer is ${what}`, async () => {
      service.always = misbehaviour;
      const reply = await submit();
      expect([reply.status, reply.body['code']], reply.text).to.deep.equal([409, 'directory_record_unusable']);
      for (const error of reply.body['errors'] as Json[]) expect(error['code']).to.equal('directory_record_unusable');
    });
  }
});
