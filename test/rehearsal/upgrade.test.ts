import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { WorkerDeployment } from '#libs/engine/index.js';
import { readClock } from '#libs/event-store/index.js';
import { addTenants, plainClaim } from '../bench/sandbox.js';
import { readClaim, bodyOf, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';
import { Balancer } from './balancer.js';
import { Build } from './build.js';
import { brokenVersion, nextVersion } from './next-version.js';
import { Claims, evidence, type OpenClaim } from './open-claims.js';
import type { Running } from './process.js';
import { Prober } from './prober.js';

/** How long a busy machine may take for what takes seconds. */
const busyMs = 120_000;

const days = (count: number): number => count * 86_400_000;

/** docs/how-to/upgrade.md, step by step: an upgrade, and a roll-back, while claims wait in every phase and requests come all the time. */
describe('the rehearsal of an upgrade', function () {
  this.timeout(600_000);
  const began = Date.now();
  const say = (line: string) => process.stdout.write(`  ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  let folder: string;
  let balancer: Balancer;
  let product: Product;
  let present: Build;
  let next: Build;
  let broken: Build;
  let deployment: WorkerDeployment;
  let claims: Claims;
  let prober: Prober;
  let apis: (Running & { url: string; build: Build })[] = [];
  const workers = new Map<Build, Running & { metricsUrl: string }>();
  let lastShown = '';
  let watching: NodeJS.Timeout;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cpor-rehearsal-'));
    balancer = await Balancer.start();
    // The stack's own worker and API are the first of build N.
    product = await startProduct({ CPOR_WORKER_DEPLOYMENT: 'cpor', CPOR_BUILD_ID: 'n', CPOR_PUBLIC_URL: balancer.url });
    const { env } = product.stack;
    present = Build.present('n', env, folder);
    [next, broken] = await Promise.all([
      Build.changed('n+1', nextVersion, join(folder, 'next'), env, folder),
      Build.changed('n+2', brokenVersion, join(folder, 'broken'), env, folder),
    ]);
    deployment = new WorkerDeployment(product.temporal, 'cpor');
    apis = [
      { ...(await present.api()), build: present },
      { ...(await present.api()), build: present },
    ];
    for (const { url } of apis) balancer.add(url);
    await product.stack.parts.api.stop();
    claims = await Claims.open(product, balancer.url, await addTenants(product.source, 3_000));
    watching = setInterval(() => void showBuilds().catch(() => undefined), 3_000);
    say('Two API processes and a worker of build n run.');
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await showFaults();
  });

  after(async () => {
    clearInterval(watching);
    await prober?.stop();
    await Promise.all([...apis, ...workers.values()].map((one) => one.stop()));
    await product?.close();
    balancer?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Prints the open workflows by build whenever that has changed. */
  async function showBuilds(): Promise<void> {
    const state = await deployment.describe();
    if (state === null) return;
    const open = await deployment.openWorkflows(state.builds.map(({ buildId }) => buildId));
    const counts = open.map(({ buildId, count }) => `${buildId ?? 'none'} ${count}`).join(', ');
    const shown = `open workflows: ${counts}; current ${state.current}${state.ramping === null ? '' : `, ramping ${state.ramping.buildId} ${state.ramping.percentage} %`}`;
    if (shown !== lastShown) say(shown);
    lastShown = shown;
  }

  /** Prints what a failed step leaves open, with what the workflows of those claims were at. */
  async function showFaults(): Promise<void> {
    const commands = await product.source.query<{ claim_id: string; type: string; received_at: Date }[]>(
      'SELECT claim_id, type, received_at FROM claim_commands WHERE outcome IS NULL ORDER BY received_at LIMIT 1',
    );
    for (const { claim_id: claimId, type, received_at } of commands) {
      const { output } = await product.temporalCli('workflow', 'describe', '--workflow-id', `claim:${claimId}`);
      const history = await product.temporalCli('workflow', 'show', '--workflow-id', `claim:${claimId}`);
      say(`${type} of ${received_at.toISOString()} waits.\n${output}\n${history.output}`);
    }
    say(JSON.stringify(await product.source.query('SELECT claim_id, step, fault, attempts FROM stuck_claims')));
    say((await present.cpor('upgrade', 'status')).output);
    for (const name of await readdir(folder))
      if (name.endsWith('.log')) say(`${name}:\n${(await readFile(join(folder, name), 'utf8')).slice(-1_500)}`);
  }

  async function cpor(build: Build, ...args: string[]): Promise<string> {
    const { exitCode, output } = await build.cpor(...args);
    say(`$ cpor ${args.join(' ')}\n${output.trimEnd().replace(/^/gm, '             ')}`);
    expect(exitCode, output).to.equal(0);
    return output;
  }

  async function startWorker(build: Build): Promise<void> {
    workers.set(build, await build.worker());
    const isKnown = async () => (await deployment.describe())!.builds.some(({ buildId }) => buildId === build.id);
    await waitFor(`build ${build.id} to be known`, isKnown, busyMs);
  }

  async function stopWorker(build: Build): Promise<void> {
    const worker = workers.get(build);
    workers.delete(build);
    if (worker === undefined) await product.stack.parts.worker.stop();
    // Nest ends a process that has shut down in order by the signal that asked for it.
    else expect(await worker.stop()).to.be.oneOf([0, 'SIGTERM']);
    say(`The worker of build ${build.id} has stopped.`);
  }

  /** Replaces the API processes one after the other: the new one answers before the old one gets no more requests, and then is asked to end. */
  async function replaceApis(build: Build): Promise<void> {
    for (const old of apis) {
      const started = { ...(await build.api()), build };
      balancer.add(started.url);
      balancer.remove(old.url);
      await old.stop();
      apis = [...apis.filter((api) => api !== old), started];
    }
    say(`Both API processes are of build ${build.id}.`);
  }

  async function startProber(): Promise<Prober> {
    const tenant = claims.newTenant();
    const refused = await claims.file(true, tenant);
    await claims.approve(refused);
    await untilPhase(claims.callers.partner, refused, 'consent_pending');
    await claims.optOut(refused, tenant.tenantId);
    const customer = await claims.tenantToken(tenant.tenantId);
    const partner = claims.callers.partner['token'];
    let filed = 0;
    return new Prober(balancer.url, {
      // One in five is submitted: each of those has a workflow, and this is no measurement of load.
      file: () => {
        const submit = filed++ % 5 === 0;
        const body = { ...plainClaim('sample', claims.newTenant(), evidence), submit, ...(!submit && { evidence: [] }) };
        return { path: '/v1/claims', token: partner, body };
      },
      'opt out': () => ({ path: `/v1/claims/${refused}/opt-outs`, token: customer, body: {} }),
    });
  }

  async function goOn(open: OpenClaim[]): Promise<void> {
    for (const { name, goOn } of open) {
      await goOn().catch((error: unknown) => {
        throw new Error(`The claim that was ${name}: ${(error as Error).message}`, { cause: error });
      });
    }
  }

  async function closeWindows(open: OpenClaim[]): Promise<void> {
    const to = new Date(Date.parse(await readClock(product.source)) + days(12)).toISOString();
    const answer = await claims.callers.operator.post<{ code?: string }>('/v1/sandbox/clock/advances', { to });
    // A busy machine fires the timers of so many claims later than the caller waits, who then asks again.
    if (answer.body.code !== 'clock_backwards') bodyOf(answer);
    for (const { name, claimId, endsAs } of open)
      await untilPhase(claims.callers.reviewer, claimId, endsAs as 'official', busyMs).catch((error: unknown) => {
        throw new Error(`The claim that was ${name}: ${(error as Error).message}`, { cause: error });
      });
    say(`${open.length} claims have ended as they should: ${open.map(({ name, endsAs }) => `${name} → ${endsAs}`).join(', ')}.`);
  }

  const eventsOf = (claimId: string) =>
    product.source.query<{ type: string; data: Record<string, unknown> }[]>(
      'SELECT type, data FROM claim_events WHERE claim_id = $1 ORDER BY version',
      [claimId],
    );

  const openUnderN: OpenClaim[] = [];
  const openUnderNext: OpenClaim[] = [];

  it('opens claims in every phase under build n, and one whose notice nobody takes', async () => {
    const official = await claims.notified();
    const tenantOfOfficial = await readClaim(claims.callers.reviewer, official);
    await closeWindows([{ name: 'window', claimId: official, goOn: () => Promise.resolve(), endsAs: 'official' }]);
    openUnderN.push(...(await claims.openAll()), {
      name: 'official',
      claimId: official,
      goOn: () => claims.optOut(official, (tenantOfOfficial as unknown as { tenantId: string }).tenantId),
      endsAs: 'ended',
    });
    prober = await startProber();
    await product.stack.parts.mailbox!.stop();
    const unsent = await claims.file();
    await claims.approve(unsent);
    openUnderN.push({
      name: 'notice retried',
      claimId: unsent,
      goOn: async () => {
        await untilWindowOpens({ ...product, ...claims.callers }, unsent, busyMs);
      },
      endsAs: 'official',
    });
    expect((await deployment.describe())?.current).to.equal('n');
    say(`${openUnderN.length} claims are open under build n.`);
  });

  it('gives the work to build n+1 step by step, and stops build n', async () => {
    await cpor(next, 'migrate');
    await startWorker(next);
    await cpor(next, 'upgrade', 'status');
    await cpor(next, 'upgrade', 'ramp', 'n+1', '--percentage', '20');
    await replaceApis(next);
    await cpor(next, 'upgrade', 'promote', 'n+1');
    await product.stack.parts.mailbox!.start();
    expect(await cpor(next, 'upgrade', 'watch')).to.include('their workers may be stopped');
    await stopWorker(present);
  });

  it('finishes every claim of build n right under build n+1', async () => {
    await goOn(openUnderN);
    await closeWindows(openUnderN);
    const { claimId } = openUnderN.find(({ name }) => name === 'submitted')!;
    const events = await eventsOf(claimId);
    expect(events.find(({ type }) => type === 'LinesApproved')!.data['route']).to.equal('next');
    expect(events.map(({ type }) => type)).to.include('ApprovalNoted');
  });

  it('goes back to build n, which finishes the claims that build n+1 began', async () => {
    openUnderNext.push(...(await claims.openAll({ isRejectionFinal: true })));
    say(`${openUnderNext.length} claims are open under build n+1.`);
    await startWorker(present);
    await replaceApis(present);
    await cpor(present, 'upgrade', 'rollback');
    await stopWorker(next);
    await goOn(openUnderNext);
    await closeWindows(openUnderNext);
    expect(await deployment.failingWorkflows()).to.deep.equal([]);
    const { claimId } = openUnderNext.find(({ name }) => name === 'window, silent')!;
    const events = await eventsOf(claimId);
    expect(events.find(({ type }) => type === 'LinesApproved')!.data['route']).to.equal('next');
    expect(events.map(({ type }) => type)).to.include.members(['ApprovalNoted', 'LinesMadeOfficial']);
  });

  it('sees that the workflows of a build do not fit, names the runbook, and goes back', async () => {
    const claimId = await claims.notified();
    await startWorker(broken);
    await cpor(broken, 'upgrade', 'promote', 'n+2');
    await claims.send(claims.callers.partner, claimId, 'comments', { text: 'Is there news?' });
    const { exitCode, output } = await broken.cpor('upgrade', 'watch', '--minutes', '2');
    say(`$ cpor upgrade watch\n${output}`);
    expect([exitCode, output.includes('docs/runbooks/workflow-tasks-failing.md')]).to.deep.equal([3, true]);
    // What the alert CporWorkflowTasksFailing counts.
    const metrics = await (await fetch(workers.get(broken)!.metricsUrl)).text();
    expect(metrics).to.match(/^temporal_workflow_task_execution_failed\{[^}]*workflow_type="claimWorkflow"[^}]*\} [1-9]/m);
    await cpor(present, 'upgrade', 'rollback');
    await stopWorker(broken);
    await waitFor('no workflow to fail', async () => (await deployment.failingWorkflows()).length === 0);
    await closeWindows([{ name: 'window', claimId, goOn: () => Promise.resolve(), endsAs: 'official' }]);
  });

  it('has answered every request meanwhile, and lost none', async () => {
    await prober.stop();
    say(`Requests: ${JSON.stringify(prober.sent)}, slowest in ms ${JSON.stringify(prober.slowestMs)}, failed ${prober.failures.length}.`);
    expect(prober.failures).to.deep.equal([]);
    const undecided = async () =>
      (await product.source.query<[{ count: number }]>('SELECT count(*)::int AS count FROM claim_commands WHERE outcome IS NULL'))[0].count;
    await waitFor('every command to have its outcome', async () => (await undecided()) === 0, 60_000);
    const [kept] = await product.source.query<[{ count: number }]>('SELECT count(*)::int AS count FROM claims WHERE version > 0');
    expect(kept.count).to.be.at.least(prober.sent['file']!);
  });
});
