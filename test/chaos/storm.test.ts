import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { inParallel, percentile } from '../bench/measure.js';
import { addTenants, publishSecondsPolicy } from '../bench/sandbox.js';
import { approve, contactOf, noticeLink, submitClaim, untilWindowOpens } from '../support/claim-life.js';
import { type OpenPage, openPage } from '../support/customer.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';
import { expectRightOutcome, expectSoundStore, livesOf, mailsTwice, repairs, windowEnd } from './outcome.js';

const claims = 200;
/** Time from the first claim to the instant all windows close. */
const preparationMs = 90_000;
/** Long before the end, so that no window closes while the worker is still running. */
const shortestSeconds = 20;

describe('two hundred windows that close together while the worker is down', function () {
  this.timeout(420_000);
  let product: Product;

  before(async () => {
    product = await startProduct();
  });

  after(() => product?.close());

  it('are decided by the instants customers answered, half of them in the last second', async () => {
    const closing = Date.now() + preparationMs;
    const seconds = Array.from({ length: preparationMs / 1000 - shortestSeconds + 1 }, (_, index) => shortestSeconds + index);
    await Promise.all(seconds.map((each) => publishSecondsPolicy(product.source, each)));
    const tenants = await addTenants(product.source, claims);
    const waiting: { claimId: string; closesAt: number; page: OpenPage | null }[] = [];
    await inParallel(claims, 16, async (index) => {
      const left = Math.ceil((closing - Date.now()) / 1000);
      expect(left, 'seconds left to prepare').to.be.at.least(shortestSeconds);
      const claimId = await submitClaim(product, `bench-${left}s`, tenants[index]!);
      await approve(product, claimId);
      const closesAt = Date.parse(await untilWindowOpens(product, claimId));
      const page = index % 2 === 0 ? await openPage(await noticeLink(product, contactOf(tenants[index]!))) : null;
      waiting.push({ claimId, closesAt, page });
    });
    await product.stack.parts.worker.kill('SIGKILL');
    const ends = waiting.map(({ closesAt }) => closesAt);
    const [first, last] = [Math.min(...ends), Math.max(...ends)];
    expect(first, 'the first end').to.be.above(Date.now());

    await Promise.all(
      waiting.map(async ({ closesAt, page }, index) => {
        if (page === null) return;
        // Spread over the last second and slightly beyond, so that some answers are just too late.
        await delay(Math.max(0, closesAt - 1_000 + (index % 100) * 12 - Date.now()));
        expect((await page.answer()).status).to.be.below(400);
      }),
    );
    await delay(Math.max(0, last + 2_000 - Date.now()));
    const returning = performance.now();
    const returnedAt = new Date().toISOString();
    await product.stack.parts.worker.start();
    const claimIds = waiting.map(({ claimId }) => claimId);
    await waitFor(
      'every window to be closed',
      async () => {
        const left = await product.source.query("SELECT FROM claims WHERE claim_id = ANY($1) AND phase = 'consent_pending'", [claimIds]);
        const open = await product.source.query('SELECT FROM claim_commands WHERE outcome IS NULL');
        return left.length + open.length === 0;
      },
      180_000,
    );
    const settledMs = performance.now() - returning;

    const lives = await livesOf(product.source, claimIds);
    const phases = Object.groupBy(lives.map(expectRightOutcome), (phase) => phase);
    const counts = Object.entries(phases).map(([phase, some]) => `${phase} ${some?.length}`);
    const lags = lives
      .flatMap(({ events }) => events.filter(({ type }) => ['LinesMadeOfficial', 'CustomerDeclined'].includes(type)))
      .map(({ recordedAt }) => Date.parse(recordedAt) - Date.parse(returnedAt));
    const distances = lives.flatMap((life) =>
      life.commands.filter(({ type }) => type === 'optOut').map(({ receivedAt }) => Date.parse(windowEnd(life)!) - Date.parse(receivedAt)),
    );
    const inTime = distances.filter((distance) => distance >= 0);
    console.log(
      `      ends within ${last - first} ms; refusals in time ${inTime.length} (the closest ${Math.min(...inTime)} ms before), late ${distances.length - inTime.length}; ${counts.join(', ')}; ` +
        `recorded ${(percentile(lags, 0) / 1000).toFixed(1)} s to ${(percentile(lags, 1) / 1000).toFixed(1)} s after the worker's return (median ${(percentile(lags, 0.5) / 1000).toFixed(1)} s), ` +
        `all after ${(settledMs / 1000).toFixed(1)} s; repairs ${JSON.stringify(await repairs(product))}`,
    );
    expect(lives.length).to.equal(claims);
    expect(distances.length).to.equal(claims / 2);
    await expectSoundStore(product);
    expect(await mailsTwice(product)).to.deep.equal([]);
  });
});
