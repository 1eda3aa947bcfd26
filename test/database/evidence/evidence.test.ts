import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { dropPostgres, type EmbeddedPostgres, startPostgres } from '#libs/embedded/index.js';
import { createDataSource, createOwnerDataSource } from '#libs/event-store/index.js';
import { EvidenceStore, type NewEvidence } from '#libs/evidence/index.js';

const claimId = '6a1f0c52-6f0e-4f3d-8f58-0d0c6f1b7a01';
const otherClaimId = '6a1f0c52-6f0e-4f3d-8f58-0d0c6f1b7a02';
const firstId = '9d3b7e10-2c44-4b0a-9a57-51c7f20e6b01';
const secondId = '9d3b7e10-2c44-4b0a-9a57-51c7f20e6b02';

const evidence = (id: string, changes: Partial<NewEvidence> = {}): NewEvidence => {
  const content = changes.content ?? Buffer.from([0, 1, 2, 0xff, 0x5c, 0x27]);
  return {
    id,
    claimId,
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
    mediaType: 'application/pdf',
    fileName: 'договор.pdf',
    signedOn: '2026-10-15',
    uploadedBy: 'principal-1',
    scanResult: 'unscanned',
    ...changes,
  };
};

describe('stored evidence', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let owner: DataSource;
  let database: DataSource;
  let store: EvidenceStore;

  before(async function () {
    this.timeout(60_000);
    directory = await mkdtemp(join(tmpdir(), 'cpor-evidence-'));
    postgres = await startPostgres({ directory, port: 0, durable: false });
    const urls = await postgres.createDatabase('evidence');
    owner = await createOwnerDataSource(urls.ownerUrl).initialize();
    await owner.runMigrations();
    database = await createDataSource(urls.appUrl).initialize();
    await database.query(
      `insert into claims (claim_id, number, partner_account_id) values ($1, 'CLM-000001', 'account'), ($2, 'CLM-000002', 'account')`,
      [claimId, otherClaimId],
    );
    store = new EvidenceStore(database);
  });

  after(async () => {
    await database?.destroy();
    await owner?.destroy();
    await postgres?.stop();
    await dropPostgres(directory);
    await rm(directory, { recursive: true, force: true });
  });

  const content = async (claim: string, id: string): Promise<Buffer | null> => {
    const opened = await store.open(claim, id);
    return opened && buffer(opened);
  };

  it('is returned byte for byte', async () => {
    const stored = await store.insert(evidence(firstId));
    expect(stored.uploadedAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(stored).to.deep.equal({
      id: firstId,
      claimId,
      sha256: evidence(firstId).sha256,
      mediaType: 'application/pdf',
      fileName: 'договор.pdf',
      sizeBytes: 6,
      signedOn: '2026-10-15',
      uploadedBy: 'principal-1',
      uploadedAt: stored.uploadedAt,
      supersededBy: null,
      scanResult: 'unscanned',
      erasedAt: null,
    });
    expect(await store.find(claimId, firstId)).to.deep.equal(stored);
    expect(await content(claimId, firstId)).to.deep.equal(evidence(firstId).content);
  });

  it('is returned in chunks if it is large', async () => {
    const id = '9d3b7e10-2c44-4b0a-9a57-51c7f20e6b05';
    const large = Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => index % 251));
    await store.insert(evidence(id, { claimId: otherClaimId, content: large }));
    expect((await content(otherClaimId, id))?.equals(large)).to.equal(true);
  });

  it('is stored once even if it is inserted 16 times in parallel', async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => store.insert(evidence(secondId, { signedOn: null }))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).to.equal(1);
    expect((await store.list(claimId)).map(({ id }) => id)).to.deep.equal([firstId, secondId]);
  });

  it('is not replaced by other content with the same ID', async () => {
    let message = '';
    await store.insert(evidence(firstId, { content: Buffer.from('other') })).catch((error: Error) => (message = error.message));
    expect(message).to.equal(`Evidence ${firstId} is already stored with other content.`);
    expect(await content(claimId, firstId)).to.deep.equal(evidence(firstId).content);
  });

  it('is not found through another claim', async () => {
    expect(await store.find(otherClaimId, firstId)).to.equal(null);
    expect(await store.open(otherClaimId, firstId)).to.equal(null);
    expect((await store.list(otherClaimId)).map(({ id }) => id)).not.to.include(firstId);
  });

  it('can be superseded only once, by a file of the same claim', async () => {
    const foreignId = '9d3b7e10-2c44-4b0a-9a57-51c7f20e6b03';
    await store.insert(evidence(foreignId, { claimId: otherClaimId }));
    expect(await store.supersede(claimId, firstId, foreignId)).to.equal(false);
    expect(await store.supersede(claimId, firstId, firstId)).to.equal(false);
    expect(await store.supersede(claimId, firstId, secondId)).to.equal(true);
    expect(await store.supersede(claimId, firstId, secondId)).to.equal(false);
    expect(await store.find(claimId, firstId)).to.include({ supersededBy: secondId });
  });

  it('cannot be deleted by the application', async () => {
    let message = '';
    await database.query('delete from evidence_files').catch((error: Error) => (message = error.message));
    expect(message).to.match(/permission denied/);
  });

  it('is not served if its content no longer matches its hash', async () => {
    await owner.query(`update evidence_files set content = 'changed' where id = $1`, [secondId]);
    let message = '';
    await store.open(claimId, secondId).catch((error: Error) => (message = error.message));
    expect(message).to.equal(`Evidence ${secondId} does not match its hash.`);
  });

  it('is rolled back with the transaction', async () => {
    const id = '9d3b7e10-2c44-4b0a-9a57-51c7f20e6b04';
    await database
      .transaction(async (manager) => {
        await new EvidenceStore(manager).insert(evidence(id));
        throw new Error('undone');
      })
      .catch(() => undefined);
    expect(await store.find(claimId, id)).to.equal(null);
  });

  it('is opened by nobody but the scanner while it is in quarantine, and by nobody once malware was found', async () => {
    const id = '5b6f0a52-1d0e-4a39-8f3c-6f7f2f0f9c31';
    const sent = evidence(id, { scanResult: 'waiting', content: Buffer.from('in quarantine') });
    await store.insert(sent);
    expect(await content(claimId, id)).to.equal(null);
    expect(await store.waiting(10)).to.deep.equal([{ id, claimId }]);
    expect(await store.readWaiting(id)).to.deep.equal(sent.content);
    await database.query(`update evidence_files set scan_result = 'infected' where id = $1`, [id]);
    expect([await content(claimId, id), await store.waiting(10), await store.readWaiting(id)]).to.deep.equal([null, [], null]);
    await database.query(`update evidence_files set scan_result = 'clean' where id = $1`, [id]);
    expect(await content(claimId, id)).to.deep.equal(sent.content);
  });
});
