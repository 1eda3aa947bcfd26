import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Client } from 'pg';
import { checkoutRoot, startPostgres } from '#libs/embedded/index.js';
import { addTenants, type BenchTenant } from '../bench/sandbox.js';
import { approve, bodyOf, contactOf, noticeLink, readClaim, submitClaim, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { archiveTo, binaryOf, clusterOf, copyCluster, restoreCluster } from '../support/cluster.js';
import { optOutByLink } from '../support/customer.js';
import { startProduct, type StartedProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

const programme = 'sample';
const run = promisify(execFile);

interface Held {
  mail: string;
  id: string;
  number: string;
}

describe('an installation that is restored to an earlier instant', function () {
  this.timeout(300_000);
  this.slow(300_000);
  let folder: string;
  let product: StartedProduct;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cpor-restore-'));
    // PostgreSQL's account reads the archive in it.
    await chmod(folder, 0o711);
    product = await startProduct();
  });
  after(async () => {
    await product?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function superuser(): Promise<{ client: Client; password: string }> {
    const { dataDirectory, addresses } = product.stack;
    const text = await readFile(join(dataDirectory, 'postgres', 'credentials.json'), 'utf8');
    const { superuserPassword: password } = JSON.parse(text) as { superuserPassword: string };
    const { hostname: host, port, pathname } = new URL(addresses.databaseUrl);
    const client = new Client({ host, port: Number(port), user: 'postgres', password, database: pathname.slice(1) });
    client.on('error', () => undefined);
    await client.connect();
    return { client, password };
  }

  /** How often a mail reached a customer's contact; the mailbox keeps one copy of each. */
  const deliveriesTo = async (tenant: BenchTenant) =>
    (await product.mails(contactOf(tenant))).reduce((sum, { deliveries }) => sum + deliveries, 0);

  /** Waits until everything that was written up to now is in the archive. */
  async function archived(client: Client): Promise<void> {
    const { rows } = await client.query<{ file: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS file');
    await waitFor('the log to be archived', async () => {
      const { rows: last } = await client.query<{ done: boolean }>('SELECT last_archived_wal >= $1 AS done FROM pg_stat_archiver', [
        rows[0]!.file,
      ]);
      return last[0]?.done === true;
    });
  }

  /** Restores the database to an instant and empties Temporal, as the how-to says. Nothing of the product runs. Returns what `cpor mails hold` printed. */
  async function restoreTo(
    instant: string,
    files: { copy: string; archive: string; cluster: string },
    server: { binary: string; password: string },
  ) {
    const { dataDirectory } = product.stack;
    await product.stop();
    await restoreCluster(files, instant, server);
    await rm(join(dataDirectory, 'temporal'), { recursive: true, force: true });
    const restored = await startPostgres({ directory: join(dataDirectory, 'postgres'), port: 0 });
    const env = { ...process.env, CPOR_MODE: 'sandbox', CPOR_DATA_DIR: dataDirectory, DATABASE_URL: restored.appUrl };
    const { stdout } = await run(process.execPath, [join(checkoutRoot, 'dist/apps/cli/src/main.js'), 'mails', 'hold'], { env });
    await restored.stop();
    product = await startProduct({}, dataDirectory);
    return stdout;
  }

  /** A link as it is after the ports of the product have changed. */
  const current = (link: string) => `${product.stack.addresses.apiUrl}${new URL(link).pathname}`;

  it('loses nothing that was there, decides nothing early, and holds the mails that may have been sent', async () => {
    const archive = join(folder, 'archive');
    const setting = await superuser();
    await archiveTo(setting.client, archive);
    await setting.client.end();
    await product.stack.parts.postgres!.stop();
    await product.stack.parts.postgres!.start();
    const { client, password } = await superuser();
    const cluster = await clusterOf(client);
    const [silent, refusing, mailed, late] = (await addTenants(product.source, 4)) as [BenchTenant, BenchTenant, BenchTenant, BenchTenant];

    const silentId = await submitClaim(product, programme, silent);
    await approve(product, silentId);
    const closesAt = await untilWindowOpens(product, silentId);
    await copyCluster(client, cluster, join(folder, 'copy'));
    const refusingId = await submitClaim(product, programme, refusing);
    await approve(product, refusingId);
    await untilWindowOpens(product, refusingId);
    // Its notice is about to be sent at the instant that will be restored.
    const mailedId = await submitClaim(product, programme, mailed);
    await product.stack.parts.worker.stop();
    await approve(product, mailedId);
    await untilPhase(product.partner, mailedId, 'consent_pending');
    const { rows } = await client.query<{ now: string }>('SELECT clock_timestamp()::text AS now');

    // What follows is lost, except for what the outside world has seen of it.
    await product.stack.parts.worker.start();
    await untilWindowOpens(product, mailedId);
    const link = await noticeLink(product, contactOf(mailed));
    await optOutByLink(await noticeLink(product, contactOf(refusing)));
    await untilPhase(product.partner, refusingId, 'rejected');
    const lateId = await submitClaim(product, programme, late);
    await archived(client);
    const binary = await binaryOf(product.stack.parts.postgres!.pid!);
    await client.end();

    const said = await restoreTo(rows[0]!.now, { copy: join(folder, 'copy'), archive, cluster }, { binary, password });
    expect(said).to.equal('Held 2 mails of 1 claims. See them with: cpor mails list\n');

    expect((await product.cpor('reconcile')).exitCode).to.equal(0);
    expect((await product.cpor('verify')).exitCode).to.equal(0);
    expect((await product.partner.get(`/v1/claims/${lateId}`)).status).to.equal(404);
    for (const claimId of [silentId, refusingId, mailedId]) {
      expect((await readClaim(product.partner, claimId)).phase).to.equal('consent_pending');
    }
    expect((await readClaim(product.partner, silentId)).notices.at(-1)?.closesAt).to.equal(closesAt);

    // The mailbox was the only part that knew that the notice had gone out.
    expect(await deliveriesTo(mailed)).to.equal(1);
    const held = JSON.parse((await product.cpor('mails', 'list', '--json')).output) as Held[];
    expect(held.map(({ mail }) => mail)).to.deep.equal(['notice', 'notice']);
    const doctor = await product.cpor('doctor');
    expect(doctor.output).to.include('2 mails are held since a restore');
    // Who holds a mail that is lost from the record can answer by its link.
    expect((await fetch(current(link))).status).to.equal(200);
    expect(await deliveriesTo(mailed)).to.equal(1);
    const wrong = await product.cpor('mails', 'release', 'CLM-999999');
    expect([wrong.exitCode, wrong.output]).to.deep.equal([1, 'There is no claim CLM-999999. Nothing was changed.\n']);
    expect((await product.cpor('mails', 'release', held[0]!.number)).output).to.equal('Released the mails of 1 claims.\n');
    await untilWindowOpens(product, mailedId);
    expect(await deliveriesTo(mailed)).to.equal(2);

    bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { to: new Date(Date.parse(closesAt) + 1_000).toISOString() }));
    await untilPhase(product.partner, silentId, 'official');
  });
});
