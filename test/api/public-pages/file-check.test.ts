import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sandboxSeal, sealedReceipt } from '#libs/receipts/index.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { receiptContent } from '../../support/receipts.js';

describe('The page that checks receipts', () => {
  let database: TestDatabase;
  let api: TestApi;
  let folder: string;
  let receipt: Buffer;

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), 'cpor-file-check-'));
    database = await createTestDatabase();
    api = await startTestApi({ database, env: { CPOR_DATA_DIR: folder } });
    receipt = Buffer.from(await sealedReceipt(receiptContent, await sandboxSeal(folder)));
  });
  after(async () => {
    await api?.close();
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function send(content: Uint8Array | null, path = '/check') {
    const body = new FormData();
    if (content !== null) body.append('file', new Blob([new Uint8Array(content)], { type: 'application/pdf' }), 'receipt.pdf');
    return api.call('POST', path, { body });
  }

  it('asks for a file, in both languages, without a sign-in', async () => {
    const page = await api.call('GET', '/check');
    expect([page.status, page.headers.get('x-robots-tag'), page.headers.get('cache-control')]).to.deep.equal([
      200,
      'noindex, nofollow',
      'no-store',
    ]);
    expect(page.text).to.include('Check a receipt').and.to.include('enctype="multipart/form-data"');
    expect((await api.call('GET', '/check?lang=ru')).text).to.include('Проверка квитанции');
  });

  it('says whether this installation sealed the file and what happened to it since', async () => {
    const genuine = await send(receipt);
    expect(genuine.status).to.equal(200);
    expect(genuine.text).to.include('The receipt is genuine').and.to.include('cpor sandbox (proves nothing)');
    expect((await send(receipt, '/check?lang=ru')).text).to.include('Квитанция подлинная');
    const changed = Buffer.from(receipt);
    changed[changed.length - 200]! ^= 1;
    expect((await send(changed)).text).to.include('This file was changed');
    expect((await send(Buffer.concat([receipt, Buffer.from('\n%%EOF')]))).text).to.include('Something was added');
    const other = join(folder, 'other');
    expect((await send(await sealedReceipt(receiptContent, await sandboxSeal(other)))).text).to.include('This is not our seal');
    expect((await send(Buffer.from('no pdf'))).text).to.include('This file is not a PDF');
  });

  it('says so when no file arrives, or one that is too large', async () => {
    for (const content of [null, new Uint8Array(0)]) {
      const none = await send(content);
      expect([none.status, none.text.includes('No file arrived')]).to.deep.equal([400, true]);
    }
    const large = await send(new Uint8Array(1024 * 1024 + 1));
    expect([large.status, large.text.includes('larger than 1 MB')]).to.deep.equal([413, true]);
  });
});
