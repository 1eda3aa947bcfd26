import { expect } from 'chai';
import { Problem } from '#libs/problems/index.js';
import { ByteBudget } from '../../../apps/api/src/http/byte-budget.js';

/** Whether a promise has settled once all pending callbacks have run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await new Promise(setImmediate);
  return settled;
}

describe('the byte budget for request bodies', () => {
  it('admits requests while there is room, and queued ones in order as room is released', async () => {
    const budget = new ByteBudget(10, 60_000);
    const first = await budget.hold(6);
    const second = budget.hold(6);
    const third = budget.hold(1);
    expect([await isSettled(second), await isSettled(third)]).to.deep.equal([false, false]);
    first();
    (await second)();
    (await third)();
    (await budget.hold(10))();
  });

  it('admits a body larger than the budget when nothing else is held', async () => {
    (await new ByteBudget(10, 60_000).hold(50))();
  });

  it('releases room only once', async () => {
    const budget = new ByteBudget(10, 60_000);
    const release = await budget.hold(5);
    release();
    release();
    await budget.hold(10);
    expect(await isSettled(budget.hold(1))).to.equal(false);
  });

  it('rejects a request that has waited too long and admits those behind it', async () => {
    const budget = new ByteBudget(10, 20);
    await budget.hold(5);
    const large = budget.hold(9);
    const small = budget.hold(2);
    const refused = await large.catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem);
    expect(refused).to.deep.include({ code: 'service_unavailable', headers: { 'Retry-After': '5' } });
    await small;
  });
});
