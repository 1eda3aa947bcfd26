import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { addTenants, publishSecondsPolicy } from '../bench/sandbox.js';
import { approve, contactOf, noticeLink, readClaim, submitClaim, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { optOutByLink } from '../support/customer.js';
import { type Product, startProduct } from '../support/product.js';
import { expectRightOutcome, expectSoundStore, livesOf, mailsTwice, repairs } from './outcome.js';

const windowSeconds = 15;

describe('customers’ answers while Temporal and the worker are down', function () {
  this.timeout(240_000);
  let product: Product;

  before(async () => {
    product = await startProduct();
  });

  after(() => product?.close());

  it('count from their receipt: an answer in time declines, a late one ends the association, and silence accepts', async () => {
    const { temporal, worker } = product.stack.parts;
    const programme = await publishSecondsPolicy(product.source, windowSeconds);
    const tenants = await addTenants(product.source, 9);
    const claims = await Promise.all(
      tenants.map(async (tenant) => {
        const claimId = await submitClaim(product, programme, tenant);
        await approve(product, claimId);
        const closesAt = Date.parse(await untilWindowOpens(product, claimId));
        return { claimId, closesAt, link: await noticeLink(product, contactOf(tenant)) };
      }),
    );
    await worker.kill('SIGKILL');
    await temporal!.kill('SIGKILL');
    const answering = claims.map(async ({ closesAt, link }, index) => {
      const afterMs = [-1_000, 1_000, null][index % 3] as number | null;
      if (afterMs === null) return;
      await delay(closesAt + afterMs - Date.now());
      await optOutByLink(link);
    });
    await Promise.all(answering);
    await delay(Math.max(...claims.map(({ closesAt }) => closesAt)) + 2_000 - Date.now());
    const before = await Promise.all(claims.map(async ({ claimId }) => (await readClaim(product.partner, claimId)).phase));
    expect(new Set(before)).to.deep.equal(new Set(['consent_pending']));

    const returning = performance.now();
    await temporal!.start();
    await worker.start();
    const expected = ['rejected', 'ended', 'official'] as const;
    const ended = await Promise.all(
      claims.map(({ claimId }, index) => untilPhase(product.partner, claimId, expected[index % 3]!, 120_000)),
    );
    console.log(
      `      all nine decided ${((performance.now() - returning) / 1000).toFixed(1)} s after the return began; repairs ${JSON.stringify(await repairs(product))}`,
    );
    for (const claim of ended.filter(({ phase }) => phase === 'ended')) {
      const { from, to } = claim.lines[0]!.association!;
      expect(from <= to!, `${from} to ${to}`).to.equal(true);
    }
    for (const life of await livesOf(
      product.source,
      claims.map(({ claimId }) => claimId),
    ))
      expectRightOutcome(life);
    await expectSoundStore(product);
    expect(await mailsTwice(product)).to.deep.equal([]);
  });
});
