import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { prepareRecords, RecordFolder, sweepRecords } from '#libs/sandbox-issuer/index.js';

describe("the issuer's records", () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'cpor-records-'));
    folder = join(parent, 'issuer', 'records');
    await prepareRecords(folder);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const tokens = () => new RecordFolder(folder, 'RefreshToken');
  const sessions = () => new RecordFolder(folder, 'Session');

  it('are found again by another process, also by the uid of a session', async () => {
    await sessions().upsert('session id', { uid: 'its uid', accountId: 'ann' }, 60);
    expect(await sessions().find('session id')).to.include({ accountId: 'ann' });
    expect(await sessions().findByUid('its uid')).to.include({ accountId: 'ann' });
    expect(await sessions().find('another')).to.equal(undefined);
    expect(await tokens().find('session id')).to.equal(undefined);
  });

  it('are marked as consumed, and destroyed', async () => {
    await tokens().upsert('token', { accountId: 'ann' }, 60);
    await tokens().consume('token');
    expect((await tokens().find('token'))?.consumed).to.be.a('number');
    await tokens().destroy('token');
    await tokens().destroy('token');
    expect(await tokens().find('token')).to.equal(undefined);
  });

  it('go with their grant, and leave those of other grants', async () => {
    await tokens().upsert('one', { grantId: 'the grant' }, 60);
    await tokens().upsert('two', { grantId: 'the grant' }, 60);
    await tokens().upsert('three', { grantId: 'another' }, 60);
    await tokens().revokeByGrantId('the grant');
    expect(await Promise.all(['one', 'two', 'three'].map((id) => tokens().find(id).then(Boolean)))).to.deep.equal([false, false, true]);
  });

  it('are swept when they have expired', async () => {
    await tokens().upsert('old', {}, -1);
    await sessions().upsert('older', { uid: 'uid' }, -1);
    await tokens().upsert('new', {}, 60);
    await tokens().upsert('for ever', {});
    await writeFile(join(folder, 'draft.half'), '{"expiresAt":');
    await sweepRecords(folder);
    expect((await readdir(folder)).filter((name) => !name.startsWith('draft.'))).to.have.length(2);
    expect(await tokens().find('new')).to.deep.equal({});
    expect(await tokens().find('for ever')).to.deep.equal({});
  });

  it('can be read by their owner alone, and do not show ids in their names', async () => {
    await sessions().upsert('session id', { uid: 'its uid' }, 60);
    const names = await readdir(folder);
    expect(names.join()).not.to.match(/session id|its uid/);
    const modes = await Promise.all([folder, ...names.map((name) => join(folder, name))].map((path) => stat(path)));
    expect(modes.map(({ mode }) => mode & 0o077)).to.deep.equal([0, 0, 0]);
  });
});
