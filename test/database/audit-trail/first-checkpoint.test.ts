import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { keepCheckpoint } from '#libs/audit-trail/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('the first checkpoint of an installation', () => {
  let database: TestDatabase;
  let folder: string;

  before(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'cpor-checkpoints-'));
  });
  after(async () => {
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is made before there is any claim', async () => {
    const made = await keepCheckpoint(database.source, generateKeyPairSync('ed25519').privateKey, folder);
    expect(made).to.deep.include({ number: 1, claims: 0 });
    expect(await readFile(made.file, 'utf8')).to.include('"upTo":"0"');
  });
});
