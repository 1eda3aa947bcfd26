import { mkdtemp, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type History, historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { defaultPayloadConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { installTestRuntime, tracedWorkflowBundle, workflowBundle } from '../support/worker.js';

const distFolder = fileURLToPath(new URL('../../', import.meta.url));

/** Changes to the workflows that would strand open claims, as replacements in the compiled code. */
const mutations: Record<string, { file: string; from: string; to: string }> = {
  'a search attribute that is not shown any more': { file: 'claim-mailbox.js', from: 'this.showInSearch();', to: '' },
  'a directory that is asked before each step': {
    file: 'claim-mailbox.js',
    from: "this.step = 'draining_inbox';",
    to: "this.step = 'draining_inbox'; await this.askDirectory();",
  },
  'an import that does not pause between its batches': {
    file: 'import.workflow.js',
    from: 'await sleep(Math.max(imports.shortestPauseMs, Date.now() - startedAt));',
    to: '{}',
  },
  'a webhook endpoint that does not pause': {
    file: 'webhook-endpoint.workflow.js',
    from: 'await condition(() => wakeUps > wakeUpsBefore, nextInMs);',
    to: '{}',
  },
  'an association that is not woken': { file: 'outgoing.js', from: 'if (changed.length === 0)', to: 'if (true)' },
  'an association that keeps no time': { file: 'association-watch.js', from: 'this.alarm.set(', to: 'void (' },
  'a clock that is not set any more': { file: 'alarm.js', from: 'this.at = at;', to: 'this.at = at; return;' },
};

type Bundle = Parameters<typeof Worker.runReplayHistories>[0]['workflowBundle'];
interface Recorded {
  workflowId: string;
  history: History;
}

/** Adds the headers by which a client hands its trace on: a start, and each signal, of a trace of its own. */
function withTraces(history: History): History {
  const copy = structuredClone(history);
  copy.events?.forEach((event, at) => {
    const { workflowExecutionStartedEventAttributes: start, workflowExecutionSignaledEventAttributes: signal } = event;
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    const trace = (at + 1).toString(16).padStart(32, '0');
    const fields = { '_tracer-data': defaultPayloadConverter.toPayload({ traceparent: `00-${trace}-00f067aa0ba902b7-01` }) };
    for (const received of [start, signal, update]) if (received) received.header = { fields };
  });
  return copy;
}

describe('the current workflow code', () => {
  let histories: Recorded[];

  before(async () => {
    installTestRuntime();
    const folder = join(checkoutRoot, 'test/histories');
    // A folder for each release, and one for the present code.
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json')).sort();
    histories = await Promise.all(
      files.map(async (file) => ({
        workflowId: file.replace('.json', ''),
        history: historyFromJSON(JSON.parse(await readFile(join(folder, file), 'utf8'))),
      })),
    );
  });

  async function faults(bundle: Bundle, recorded: Recorded[]): Promise<Map<string, unknown>> {
    const found = new Map<string, unknown>();
    for await (const { workflowId, error } of Worker.runReplayHistories(
      { workflowBundle: bundle!, sinks: { exporter: { export: { fn: () => undefined } } } },
      recorded,
    ))
      found.set(workflowId, error);
    return found;
  }

  it('replays every recorded history', async function () {
    this.timeout(60_000);
    const found = await faults(workflowBundle, histories);
    expect(histories.filter(({ workflowId }) => workflowId.startsWith('unreleased/')).length).to.be.at.least(19);
    expect([...found.keys()].sort()).to.deep.equal(histories.map(({ workflowId }) => workflowId));
    expect([...found].filter(([, error]) => error !== undefined)).to.deep.equal([]);
  });

  it('replays every recorded history when it is traced since, and each that was traced when it is not any more', async function () {
    this.timeout(60_000);
    const traced = histories.map(({ workflowId, history }) => ({ workflowId, history: withTraces(history) }));
    expect(traced).not.to.deep.equal(histories);
    for (const [bundle, recorded] of [
      [tracedWorkflowBundle, histories],
      [tracedWorkflowBundle, traced],
      [workflowBundle, traced],
    ] as const) {
      const found = await faults(bundle, recorded);
      expect(found.size).to.equal(histories.length);
      expect([...found].filter(([, error]) => error !== undefined)).to.deep.equal([]);
    }
  });

  for (const [what, { file, from, to }] of Object.entries(mutations)) {
    it(`would fail to replay with ${what}`, async function () {
      this.timeout(60_000);
      // Next to the compiled workflows, because their imports are relative.
      const folder = await mkdtemp(join(distFolder, 'mutated-workflows-'));
      try {
        await cp(join(distFolder, 'workflows'), folder, { recursive: true });
        const source = await readFile(join(folder, file), 'utf8');
        expect(source).to.include(from);
        await writeFile(join(folder, file), source.replace(from, to));
        const bundle = await bundleWorkflowCode({ workflowsPath: join(folder, 'index.js'), logger: new DefaultLogger('ERROR') });
        const [fault] = [...(await faults(bundle, histories)).values()].filter((error) => error !== undefined);
        expect(fault).to.be.instanceOf(DeterminismViolationError);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
