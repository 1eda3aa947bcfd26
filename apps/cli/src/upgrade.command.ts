import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import type { CliConfig } from '#libs/config/index.js';
import { ClaimEngine, createClient, type DeploymentState, ownBuildId, WorkerDeployment } from '#libs/engine/index.js';
import { repairClaims, repairImports } from '#libs/reconciliation/index.js';
import { openDatabase, readCliConfig, required } from './stack.js';

export const usage = `Usage: cpor upgrade status [--json]
       cpor upgrade ramp BUILD --percentage N
       cpor upgrade promote BUILD
       cpor upgrade watch [--minutes N] [--json]
       cpor upgrade rollback

Says which build of the workers gets the work, and changes it. docs/how-to/upgrade.md has all steps.
Needs CPOR_WORKER_DEPLOYMENT: without it, workers have no builds, and a new one works from its start.

  status     the builds, who gets the work, and the open workflows by the build that they ran on last
  ramp       gives a build a share of the workflows; 0 takes it away again
  promote    gives a build all the work
  watch      waits until every other build may be stopped; ends early if workflow tasks fail
  rollback   ends a ramp; otherwise gives the work back to the build that had it before. What has run on the other build
             starts anew from the record, because the old code cannot continue what newer code began

  --percentage N   from 0 to 100
  --minutes N      how long to watch; default 30
  --json           print the state as JSON; watch prints a line each time it changes

Exit code 3: workflow tasks fail, or builds have not drained in time.
`;

/** Workflows are never pinned to a build, so it has drained soon after it has lost the work. */
const lookEveryMs = 2_000;
/** No watch ends sooner: Temporal reports a workflow only after several of its tasks have failed. */
const shortestWatchMs = 30_000;
const defaultMinutes = 30;
/** How long a workflow that is at a task is waited for, before it is ended nevertheless. */
const patienceMs = 30_000;
/** How many looks must find nothing more. */
const quietLooks = 3;
/** How often claims that did not answer are started anew; each attempt has its own time limits. */
const repairAttempts = 5;
/** Calls at once. */
const lanes = 16;

interface Report extends DeploymentState {
  deployment: string;
  /** The build of this command. */
  own: string;
  /** Open workflows by the build that ran their last task; null for none. */
  open: { buildId: string | null; count: number }[];
  /** At most ten. */
  failing: string[];
}

/** Steers which build of the workers gets the work. */
export async function upgradeCommand(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    json: flag,
    help: flag,
    percentage: { type: 'string' },
    minutes: { type: 'string', default: String(defaultMinutes) },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [verb = '', build] = positionals;
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const percentage = Number(values.percentage ?? Number.NaN);
  const minutes = Number(values.minutes);
  const needsBuild = verb === 'ramp' || verb === 'promote';
  const isMeant =
    ['status', 'ramp', 'promote', 'watch', 'rollback'].includes(verb) &&
    positionals.length === (needsBuild ? 2 : 1) &&
    (verb !== 'ramp' || (percentage >= 0 && percentage <= 100)) &&
    minutes > 0;
  if (!isMeant) {
    process.stderr.write(usage);
    return 2;
  }
  return withDeployment(async (deployment, restart) => {
    switch (verb) {
      case 'status':
        return show(await report(deployment), values.json);
      case 'ramp':
        return ramp(deployment, build!, percentage);
      case 'promote':
        return promote(deployment, build!);
      case 'watch':
        return watch(deployment, minutes, values.json);
      default:
        return rollBack(deployment, restart);
    }
  });
}

/** Starts what has run on a build anew from the record. Returns the number of workflows. */
type Restart = (buildId: string) => Promise<number>;

async function withDeployment(work: (deployment: WorkerDeployment, restart: Restart) => Promise<number>): Promise<number> {
  const config = readCliConfig();
  const { namespace, apiKey, tls } = config.temporal;
  if (config.deployment === null) {
    process.stderr.write(
      'CPOR_WORKER_DEPLOYMENT is not set, so workers have no builds: a new one works from its start. docs/how-to/upgrade.md\n',
    );
    return 1;
  }
  const address = required(config.temporal.address, 'TEMPORAL_ADDRESS');
  const { client, close } = createClient({ address, namespace, apiKey, useTls: tls }, config.codecKeys);
  try {
    const deployment = new WorkerDeployment(client, config.deployment.name);
    return await work(deployment, (buildId) => restart(config, client, deployment, buildId));
  } catch (error) {
    // The first line is Temporal's; the error's own says no more than the name of the call.
    const { details, message } = error as Error & { details?: string };
    throw new Error(details || message, { cause: error });
  } finally {
    await close();
  }
}

async function stateOf(deployment: WorkerDeployment): Promise<DeploymentState> {
  const state = await deployment.describe();
  if (state === null)
    throw new Error(`No worker of ${deployment.name} has polled yet. Start one with CPOR_WORKER_DEPLOYMENT=${deployment.name}.`);
  return state;
}

async function report(deployment: WorkerDeployment): Promise<Report> {
  const state = await stateOf(deployment);
  const [open, failing] = await Promise.all([
    deployment.openWorkflows(state.builds.map(({ buildId }) => buildId)),
    deployment.failingWorkflows(),
  ]);
  const own = readCliConfig().deployment?.buildId ?? ownBuildId();
  return { deployment: deployment.name, own, ...state, open, failing };
}

function show(found: Report, isJson: boolean): number {
  process.stdout.write(isJson ? `${JSON.stringify(found, null, 2)}\n` : `${textOf(found)}\n`);
  return found.failing.length === 0 ? 0 : 3;
}

function textOf({ deployment, own, current, ramping, builds, open, failing }: Report): string {
  const countOf = (buildId: string | null) => open.find((one) => one.buildId === buildId)?.count ?? 0;
  const width = Math.max(...builds.map(({ buildId }) => buildId.length));
  const lines = builds.map(({ buildId, status }) => {
    const share = ramping?.buildId === buildId ? ` ${ramping.percentage} %` : '';
    const words = `${status}${share}`.padEnd(14);
    return `  ${buildId.padEnd(width)}  ${words}  ${countOf(buildId)} open workflows${buildId === own ? '  (this command)' : ''}`;
  });
  return [
    current === null
      ? `No build of ${deployment} has the work: workers without a build id have it.`
      : `Build ${current} of ${deployment} has the work.`,
    ...lines,
    ...(countOf(null) > 0 ? [`  ${countOf(null)} open workflows have run on no build yet.`] : []),
    ...(failing.length > 0 ? [failureText(failing)] : []),
  ].join('\n');
}

const failureText = (failing: string[]): string =>
  `Tasks of ${failing.length === 10 ? 'ten or more workflows' : `${failing.length} workflows`} keep failing, among them ${failing[0]}. Run "cpor upgrade rollback", and see docs/runbooks/workflow-tasks-failing.md.`;

async function ramp(deployment: WorkerDeployment, build: string, percentage: number): Promise<number> {
  await deployment.ramp(percentage === 0 ? null : build, percentage);
  await untilSettled(deployment);
  process.stdout.write(percentage === 0 ? 'No build ramps any more.\n' : `Build ${build} gets ${percentage} % of the workflows.\n`);
  return 0;
}

async function promote(deployment: WorkerDeployment, build: string): Promise<number> {
  await deployment.promote(build);
  await untilSettled(deployment);
  process.stdout.write(
    `Build ${build} has the work. Leave the workers of the other builds running until "cpor upgrade watch" says that they may stop.\n`,
  );
  return 0;
}

async function rollBack(deployment: WorkerDeployment, restart: Restart): Promise<number> {
  const { current, ramping, builds } = await stateOf(deployment);
  const [before] = builds
    .filter(({ buildId, lastCurrent }) => buildId !== current && lastCurrent !== null)
    .sort((a, b) => Date.parse(b.lastCurrent!) - Date.parse(a.lastCurrent!));
  const [from, to] = ramping === null ? [current, before?.buildId] : [ramping.buildId, current];
  if (!from || !to) {
    process.stderr.write('No other build has had the work.\n');
    return 1;
  }
  await (ramping === null ? deployment.promote(to) : deployment.ramp(null, 0));
  await untilSettled(deployment);
  process.stdout.write(`Build ${to} has all the work, and build ${from} none.\n`);
  const restarted = await restart(from);
  process.stdout.write(`${restarted} workflows had run on build ${from}, and start anew from the record.\n`);
  return 0;
}

/**
 * Ends what has run on a build and starts it anew: a history that newer code has written may hold steps that the old code does not know, and would
 * fail when the claim is woken next, perhaps in months. What is at a task is left until it is not, so that no mail is sent twice.
 */
async function restart(config: CliConfig, client: Client, deployment: WorkerDeployment, buildId: string): Promise<number> {
  const source = await openDatabase(config);
  try {
    const ended = new Set<string>();
    const patience = Date.now() + patienceMs;
    for (let quiet = 0; quiet < quietLooks; ) {
      const found = (await deployment.ranOn(buildId)).filter((workflowId) => !ended.has(workflowId));
      quiet = found.length === 0 ? quiet + 1 : 0;
      await inLanes(found, async (workflowId) => {
        if (Date.now() < patience && (await deployment.isBusy(workflowId))) return;
        await deployment.end(workflowId, `Build ${buildId} was rolled back.`);
        ended.add(workflowId);
      });
      // Visibility is late by moments.
      await sleep(500);
    }
    const engine = new ClaimEngine(client);
    await repairImports(source, engine);
    // Workers have all of it to do at once, so on a small machine the first wake-ups may not be answered in time.
    for (let attempt = 1; ; attempt++) {
      const { failed, unlisted } = await repairClaims(source, engine, { graceSeconds: 0 });
      if (failed === 0 && unlisted === null) return ended.size;
      if (attempt === repairAttempts)
        throw new Error(
          'Build and workflows are changed, but some claims could not be started anew. Run "cpor reconcile" until it finds nothing.',
        );
    }
  } finally {
    await source.destroy();
  }
}

async function inLanes<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Waits until every task queue has learnt of a change. */
async function untilSettled(deployment: WorkerDeployment): Promise<void> {
  for (let looks = 0; looks < 100 && !(await stateOf(deployment)).isSettled; looks++) await sleep(100);
}

/** Watches until every build that has lost the work has drained. */
async function watch(deployment: WorkerDeployment, minutes: number, isJson: boolean): Promise<number> {
  const until = Date.now() + minutes * 60_000;
  const earliest = Math.min(until, Date.now() + shortestWatchMs);
  for (let last = ''; ; ) {
    const found = await report(deployment);
    const { current, ramping, builds, failing } = found;
    const line = isJson ? JSON.stringify(found) : textOf(found);
    if (line !== last) process.stdout.write(`${line}\n`);
    last = line;
    if (failing.length > 0) return 3;
    // One that has had no work has nothing to drain.
    const left = builds.filter(
      ({ buildId, status }) => ![current, ramping?.buildId].includes(buildId) && !['inactive', 'drained'].includes(status),
    );
    if (left.length === 0 && ramping === null && Date.now() > earliest) {
      if (!isJson)
        process.stdout.write(`Every other build has drained: their workers may be stopped. Build ${current} has all the work.\n`);
      return 0;
    }
    if (Date.now() > until) {
      process.stderr.write(
        ramping === null
          ? `After ${minutes} minutes, ${left.map(({ buildId }) => buildId).join(', ')} has not drained.\n`
          : `After ${minutes} minutes no workflow task fails. Build ${ramping.buildId} still ramps: raise its share, or promote it.\n`,
      );
      return ramping === null ? 3 : 0;
    }
    await sleep(lookEveryMs);
  }
}
