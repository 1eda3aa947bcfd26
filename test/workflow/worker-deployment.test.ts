import { NativeConnection, Worker } from '@temporalio/worker';
import { expect } from 'chai';
import { connectionOptions, isPolled, WorkerDeployment } from '#libs/engine/index.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';
import { waitFor } from '../support/wait.js';
import { installTestRuntime } from '../support/worker.js';

const queue = { taskQueue: 'probe', type: 'activity' } as const;

describe('builds of the workers', function () {
  this.timeout(60_000);
  let namespace: TestNamespace;
  let connection: NativeConnection;
  let deployment: WorkerDeployment;
  const stops: (() => Promise<void>)[] = [];

  before(async () => {
    installTestRuntime();
    namespace = await createTestNamespace();
    connection = await NativeConnection.connect(connectionOptions(namespace.connection));
    deployment = new WorkerDeployment(namespace.client, 'cpor');
  });
  after(async () => {
    for (const stop of stops) await stop();
    await connection?.close();
    await namespace?.close();
  });

  async function startWorker(buildId: string): Promise<void> {
    const worker = await Worker.create({
      connection,
      namespace: namespace.connection.namespace,
      taskQueue: queue.taskQueue,
      activities: { probe: () => Promise.resolve() },
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version: { deploymentName: 'cpor', buildId },
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    });
    const running = worker.run();
    stops.push(async () => {
      worker.shutdown();
      await running;
    });
    await waitFor(
      `build ${buildId} to be known`,
      async () => (await deployment.describe())?.builds.some((one) => one.buildId === buildId) === true,
    );
  }

  const isAtWork = () => isPolled(namespace.client, namespace.connection.namespace, { ...queue, deployment: 'cpor' });

  it('are unknown before one has polled', async () => {
    expect(await deployment.describe()).to.equal(null);
    expect(await deployment.promoteFirst('one')).to.equal('unknown');
  });

  it('get the work by themselves only if nobody has it', async () => {
    await startWorker('one');
    await waitFor('the first to have the work', async () => (await deployment.promoteFirst('one')) !== 'unknown');
    expect((await deployment.describe())?.current).to.equal('one');
    await startWorker('two');
    expect(await deployment.promoteFirst('two')).to.equal('chosen');
    const { current, ramping, builds } = (await deployment.describe())!;
    expect([current, ramping]).to.deep.equal(['one', null]);
    expect(Object.fromEntries(builds.map(({ buildId, status }) => [buildId, status]))).to.deep.equal({ one: 'current', two: 'inactive' });
  });

  it('get a share, all of the work, and lose it again', async () => {
    await deployment.ramp('two', 25);
    expect((await deployment.describe())?.ramping).to.deep.equal({ buildId: 'two', percentage: 25 });
    await deployment.ramp(null, 0);
    expect((await deployment.describe())?.ramping).to.equal(null);
    await deployment.promote('two');
    expect((await deployment.describe())?.current).to.equal('two');
  });

  it('count as workers only while they have the work', async () => {
    expect(await isAtWork()).to.equal(true);
    await deployment.promote(null);
    expect((await deployment.describe())?.current).to.equal(null);
    // Workers without a build id were chosen: no build takes that back by itself.
    expect(await deployment.promoteFirst('one')).to.equal('chosen');
    const refused = await deployment.promote('three').then(
      () => null,
      (error: Error) => error,
    );
    expect(refused).to.be.instanceOf(Error);
  });
});
