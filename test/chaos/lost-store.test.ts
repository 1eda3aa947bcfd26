import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ScheduleNotFoundError } from '@temporalio/client';
import { expect } from 'chai';
import type { Phase } from '#libs/claims/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { inParallel } from '../bench/measure.js';
import { addTenants, type BenchTenant, publishSecondsPolicy } from '../bench/sandbox.js';
import type { Caller } from '../support/caller.js';
import { approve, contactOf, noticeLink, readClaim, submitClaim, bodyOf, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { optOutByLink } from '../support/customer.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';
import { expectRightOutcome, expectSoundStore, livesOf, mailsTwice } from './outcome.js';

const act = async (caller: Caller, claimId: string, path: string, body: object): Promise<void> => {
  const { etag } = await readClaim(caller, claimId);
  bodyOf(await caller.post(`/v1/claims/${claimId}/${path}`, body, { 'if-match': etag }));
};

/** A stage of a claim's life: how to reach it, and the steps from there until the window opens. */
interface Stage {
  phase: Phase;
  windowSeconds: number;
  bring(product: Product, claimId: string, tenant: BenchTenant): Promise<void>;
  driveOn(product: Product, claimId: string): Promise<void>;
}

const short = 6;
const long = 40;
const nothing = async (): Promise<void> => undefined;
const reject = ({ reviewer }: Product, claimId: string) =>
  act(reviewer, claimId, 'decisions', { outcome: 'reject', reason: 'evidence_insufficient' });
const dispute = ({ partner }: Product, claimId: string) => act(partner, claimId, 'disputes', { statement: 'It is on page 3.' });
const grant = ({ secondReviewer }: Product, claimId: string) => act(secondReviewer, claimId, 'dispute-decisions', { outcome: 'approve' });

async function answerRequest(product: Product, claimId: string): Promise<void> {
  const form = new FormData();
  form.set('signedOn', new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10));
  form.set('file', new Blob([statementOfWork(['Addendum'])], { type: 'application/pdf' }), 'addendum.pdf');
  bodyOf(await product.partner.post(`/v1/claims/${claimId}/evidence`, form));
  bodyOf(await product.partner.post(`/v1/claims/${claimId}/answers`, { comment: 'Attached.' }));
  await untilPhase(product.partner, claimId, 'submitted');
  await approve(product, claimId);
}

const stages = {
  submitted: { phase: 'submitted', windowSeconds: short, bring: nothing, driveOn: approve },
  'under review': {
    phase: 'under_review',
    windowSeconds: short,
    bring: ({ reviewer }, claimId) => act(reviewer, claimId, 'reviews', {}),
    driveOn: approve,
  },
  'asked for information': {
    phase: 'action_required',
    windowSeconds: short,
    bring: ({ reviewer }, claimId) => act(reviewer, claimId, 'information-requests', { reasons: ['evidence_products_missing'] }),
    driveOn: answerRequest,
  },
  'notice on its way': { phase: 'consent_pending', windowSeconds: short, bring: approve, driveOn: nothing },
  'window running': {
    phase: 'consent_pending',
    windowSeconds: long,
    bring: async (product, claimId, tenant) => {
      await approve(product, claimId);
      await untilWindowOpens(product, claimId);
      await noticeLink(product, contactOf(tenant));
    },
    driveOn: nothing,
  },
  rejected: {
    phase: 'rejected',
    windowSeconds: short,
    bring: reject,
    driveOn: async (product, claimId) => {
      await dispute(product, claimId);
      await untilPhase(product.partner, claimId, 'disputed');
      await grant(product, claimId);
    },
  },
  disputed: {
    phase: 'disputed',
    windowSeconds: short,
    bring: async (product, claimId) => {
      await reject(product, claimId);
      await untilPhase(product.partner, claimId, 'rejected');
      await dispute(product, claimId);
    },
    driveOn: grant,
  },
} satisfies Record<string, Stage>;
type StageName = keyof typeof stages;

interface Staged {
  claimId: string;
  stage: StageName;
  tenant: BenchTenant;
}

const howMany: Record<StageName, number> = {
  submitted: 7,
  'under review': 7,
  'asked for information': 7,
  'notice on its way': 8,
  'window running': 9,
  rejected: 6,
  disputed: 6,
};
const order = Object.entries(howMany).flatMap(([stage, count]) => Array.from({ length: count }, () => stage as StageName));

describe('fifty open claims in all phases', function () {
  this.timeout(420_000);
  let product: Product;

  beforeEach(async () => {
    product = await startProduct();
  });

  afterEach(() => product?.close());

  for (const isWorkerLost of [true, false]) {
    it(`reach the right outcome after Temporal loses all its data ${isWorkerLost ? 'and the worker dies' : 'while the worker is running'}`, async () => {
      const claims = await stageClaims(product);
      await loseStore(product, isWorkerLost);
      // Two customers answer while only the API and the database are running.
      const running = claims.filter(({ stage }) => stage === 'window running');
      for (const { tenant } of running.slice(0, 2)) await optOutByLink(keptLinks.get(tenant.tenantId)!);
      await returnEmpty(product, isWorkerLost);

      const first = await product.cpor('reconcile');
      expect(first.exitCode, first.output).to.equal(0);
      const open = await countOpen(product);
      await waitFor('every open claim to have a workflow', async () => (await runningWorkflows(product)) >= open, 60_000);
      await untilInboxEmpty(product);
      const second = await product.cpor('reconcile');
      console.log(`      first: ${first.output.trim()} second: ${second.output.trim()}`);
      expect(second.output).to.contain('Woke 0 claims');
      // Without its schedule, the next loss would go unnoticed.
      await waitFor('the schedule of the reconciliation', () => hasSchedule(product), 70_000);

      const refused = new Set(running.slice(0, 2).map(({ claimId }) => claimId));
      for (const { claimId, stage } of claims.filter((claim) => claim.stage !== 'window running')) {
        expect((await readClaim(product.partner, claimId)).phase, stage).to.equal(stages[stage].phase);
      }
      await product.stack.parts.mailbox!.start();
      await inParallel(claims.length, 10, (index) => stages[claims[index]!.stage].driveOn(product, claims[index]!.claimId));
      const finishing = performance.now();
      await inParallel(claims.length, 10, async (index) => {
        const { claimId } = claims[index]!;
        await untilPhase(product.partner, claimId, refused.has(claimId) ? 'rejected' : 'official', 150_000);
      });
      console.log(`      all had their outcome ${((performance.now() - finishing) / 1000).toFixed(1)} s after the last action`);
      for (const life of await livesOf(
        product.source,
        claims.map(({ claimId }) => claimId),
      ))
        expectRightOutcome(life);
      await expectSoundStore(product);
      expect(await mailsTwice(product)).to.deep.equal([]);
      // One notice to the contact and one to the administrator; after a refusal both also get a receipt.
      const expected = 2 * (claims.length + refused.size);
      await waitFor(`${expected} mails`, async () => (await product.mails()).length === expected);
    });
  }
});

/** Reads the links of customers whose window is open, while the mailbox is running. */
const keptLinks = new Map<string, string>();

async function stageClaims(product: Product): Promise<Staged[]> {
  await Promise.all([short, long].map((seconds) => publishSecondsPolicy(product.source, seconds)));
  const tenants = await addTenants(product.source, order.length);
  const claims: Staged[] = [];
  await inParallel(order.length, 8, async (index) => {
    const stage = order[index]!;
    const tenant = tenants[index]!;
    claims.push({ claimId: await submitClaim(product, `bench-${stages[stage].windowSeconds}s`, tenant), stage, tenant });
  });
  const bring = (some: Staged[]) =>
    inParallel(some.length, 8, (index) => stages[some[index]!.stage].bring(product, some[index]!.claimId, some[index]!.tenant));
  const late: StageName[] = ['notice on its way', 'window running'];
  await bring(claims.filter(({ stage }) => !late.includes(stage)));
  await bring(claims.filter(({ stage }) => stage === 'window running'));
  for (const { tenant } of claims.filter(({ stage }) => stage === 'window running')) {
    keptLinks.set(tenant.tenantId, await noticeLink(product, contactOf(tenant)));
  }
  await product.stack.parts.mailbox!.kill('SIGKILL');
  await bring(claims.filter(({ stage }) => stage === 'notice on its way'));
  for (const { claimId, stage } of claims) await untilPhase(product.partner, claimId, stages[stage].phase);
  return claims;
}

async function loseStore({ stack }: Product, isWorkerLost: boolean): Promise<void> {
  if (isWorkerLost) await stack.parts.worker.kill('SIGKILL');
  await stack.parts.temporal!.kill('SIGKILL');
  const directory = join(stack.dataDirectory, 'temporal');
  const files = (await readdir(directory)).filter((name) => name.includes('.db'));
  expect(files).to.not.be.empty;
  for (const name of files) await rm(join(directory, name));
}

async function returnEmpty({ stack }: Product, isWorkerLost: boolean): Promise<void> {
  await stack.parts.temporal!.start();
  if (isWorkerLost) await stack.parts.worker.start();
  await delay(1_000);
}

async function countOpen({ source }: Product): Promise<number> {
  const [row] = await source.query<[{ open: number }]>('SELECT count(*)::int AS open FROM claims WHERE is_open');
  return row.open;
}

async function runningWorkflows({ temporal }: Product): Promise<number> {
  const { count } = await temporal.workflow.count("WorkflowType = 'claimWorkflow' AND ExecutionStatus = 'Running'");
  return count;
}

async function hasSchedule({ temporal }: Product): Promise<boolean> {
  try {
    await temporal.schedule.getHandle('reconciliation').describe();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}

async function untilInboxEmpty({ source }: Product): Promise<void> {
  const isEmpty = async () => (await source.query('SELECT FROM claim_commands WHERE outcome IS NULL')).length === 0;
  await waitFor('the inbox to be drained', isEmpty, 60_000);
}
