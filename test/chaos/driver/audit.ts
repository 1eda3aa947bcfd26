import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Prober } from './prober.js';
import type { Stage } from './stage.js';
import type { Fault } from './story.js';

/** What the database and Temporal say at the end; the only part of a run that reads them. */
export interface Audit {
  faults: Fault[];
  repairs: Record<string, number>;
}

const workflowLimitMs = 180_000;

/** Checks the chains, the inbox, the holders and the workflows. */
export async function audit(stage: Stage, prober: Prober): Promise<Audit> {
  const faults: Fault[] = [];
  const add = (kind: Fault['kind'], what: string) => faults.push({ kind, claim: '-', what });
  const { exitCode, output } = await stage.cpor('verify');
  if (exitCode !== 0) add('wrong', `cpor verify: ${output.trim()}`);
  const source = await stage.source();
  try {
    const forgotten = await rows(source, 'SELECT claim_id, type, received_at FROM claim_commands WHERE outcome IS NULL');
    if (forgotten.length > 0) add('lost', `commands without an outcome: ${JSON.stringify(forgotten.slice(0, 5))}`);
    const shared = await rows(source, 'SELECT target FROM associations WHERE ended_at IS NULL GROUP BY target HAVING count(*) > 1');
    if (shared.length > 0) add('wrong', `targets with two partners: ${JSON.stringify(shared)}`);
    const [{ probes }] = (await rows(
      source,
      `SELECT count(*)::int AS probes FROM claim_commands WHERE type = 'optOut' AND claim_id = ANY($1) AND outcome IS NOT NULL`,
      [[...new Set(prober.accepted.map(({ claimId }) => claimId))]],
    )) as [{ probes: number }];
    if (probes < prober.accepted.length)
      add('lost', `${prober.accepted.length} refusals of the prober were accepted, ${probes} have an outcome`);
    for (const orphan of await orphansOf(stage, source)) add('wrong', orphan);
    const counted = await rows(source, 'SELECT reason, count(*)::int AS count FROM repairs GROUP BY reason');
    const repairs = Object.fromEntries((counted as { reason: string; count: number }[]).map(({ reason, count }) => [reason, count]));
    return { faults, repairs };
  } finally {
    await source.destroy();
  }
}

const rows = (source: DataSource, text: string, parameters: unknown[] = []): Promise<unknown[]> =>
  source.query<unknown[]>(text, parameters);

/** Workflows of claims that wait for nothing any more, and claims that wait without a workflow. */
async function orphansOf(stage: Stage, source: DataSource): Promise<string[]> {
  const { client, close } = stage.temporalClient();
  try {
    const end = performance.now() + workflowLimitMs;
    for (;;) {
      const running = new Set<string>();
      for await (const { workflowId } of client.workflow.list({
        query: "WorkflowType = 'claimWorkflow' AND ExecutionStatus = 'Running'",
      })) {
        running.add(workflowId.replace(/^claim:/, ''));
      }
      const open = new Set(
        ((await rows(source, 'SELECT claim_id AS id FROM claims WHERE is_open AND alarm_at IS NOT NULL')) as { id: string }[]).map(
          ({ id }) => id,
        ),
      );
      const closed = ((await rows(source, 'SELECT claim_id AS id FROM claims WHERE NOT is_open')) as { id: string }[]).map(({ id }) => id);
      const idle = closed.filter((id) => running.has(id)).map((id) => `the workflow of ${id} runs although nothing is left to wait for`);
      const missing = [...open].filter((id) => !running.has(id)).map((id) => `${id} waits for a deadline without a workflow`);
      if (idle.length + missing.length === 0 || performance.now() > end) return [...idle, ...missing].slice(0, 10);
      await delay(2_000);
    }
  } finally {
    await close();
  }
}
