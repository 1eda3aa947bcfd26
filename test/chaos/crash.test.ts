import { expect } from 'chai';
import type { Part, StackParts } from '#libs/embedded/index.js';
import { inParallel } from '../bench/measure.js';
import { addTenants, publishSecondsPolicy } from '../bench/sandbox.js';
import { approve, submitClaim } from '../support/claim-life.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';
import { answerAs, kindOf, untilSettled } from './lives.js';
import { expectRightOutcome, expectSoundStore, livesOf, mailsTwice, repairs } from './outcome.js';

const claims = 50;
const windowSeconds = 20;

const victims = {
  'the worker': ['worker'],
  'the API': ['api'],
  PostgreSQL: ['postgres'],
  Temporal: ['temporal'],
  'all four at once': ['postgres', 'temporal', 'worker', 'api'],
} satisfies Record<string, (keyof StackParts)[]>;

describe('fifty claims in progress', function () {
  this.timeout(480_000);

  for (const [name, parts] of Object.entries(victims)) {
    it(`reach the right outcome although ${name} is repeatedly killed with SIGKILL`, async () => {
      const product = await startProduct();
      try {
        await liveThrough(
          product,
          name,
          parts.map((part) => product.stack.parts[part]!),
        );
      } finally {
        await product.close();
      }
    });
  }
});

/** Takes fifty claims through their lives while parts are killed: three times during submissions and approvals, and again when windows close. */
async function liveThrough(product: Product, name: string, parts: Part[]): Promise<void> {
  const programme = await publishSecondsPolicy(product.source, windowSeconds);
  const tenants = await addTenants(product.source, claims);
  const claimIds: string[] = [];
  let isFirstWindowClosing = false;
  const killer = (async () => {
    for (const [kill, underWay] of [10, 25, 40].entries()) {
      await waitFor('claims to be submitted', () => claimIds.length >= underWay, 200_000);
      await (kill === 0 ? killHard(parts) : killAndStart(parts));
    }
    await waitFor('the first window to close', () => isFirstWindowClosing, 240_000);
    await killAndStart(parts);
  })();
  const one = async (index: number): Promise<void> => {
    const claimId = await submitClaim(product, programme, tenants[index]!);
    claimIds.push(claimId);
    await approve(product, claimId);
    await answerAs(product, kindOf(index), claimId, tenants[index]!, () => {
      isFirstWindowClosing = true;
    });
  };
  await Promise.all([killer, inParallel(claims, 25, one)]);
  const settling = performance.now();
  await untilSettled(product, claimIds);
  const settledAfterMs = performance.now() - settling;

  const lives = await livesOf(product.source, claimIds);
  const phases = Object.groupBy(lives.map(expectRightOutcome), (phase) => phase);
  await expectSoundStore(product);
  const twice = await mailsTwice(product);
  const retries = product.partner.retries + product.reviewer.retries;
  const counts = Object.entries(phases).map(([phase, some]) => `${phase} ${some?.length}`);
  console.log(
    `      ${name}: ${counts.join(', ')}; repeated requests ${retries}; settled ${(settledAfterMs / 1000).toFixed(1)} s after the last answer; ` +
      `repairs ${JSON.stringify(await repairs(product))}; mails sent twice ${twice.length}`,
  );
  expect(new Set(claimIds).size).to.equal(claims);
  expect(lives.length).to.equal(claims);
  // A mail whose acceptance could not be recorded is sent again with the same Message-ID: SMTP allows no better.
  expect(twice.length, twice.join('\n')).to.be.at.most(10);
}

/** Kills processes with SIGKILL, and waits until the supervisor has restarted them. */
async function killHard(parts: Part[]): Promise<void> {
  const pids = parts.map(({ pid }) => pid!);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const areBack = () => parts.every((part, index) => part.isRunning() && part.pid !== pids[index]);
  await waitFor('the killed parts to run again', areBack, 60_000);
}

/** Kills and restarts processes as above, without the supervisor's pause. */
async function killAndStart(parts: Part[]): Promise<void> {
  await Promise.all(parts.map((part) => part.kill('SIGKILL')));
  for (const part of parts) await part.start();
}
