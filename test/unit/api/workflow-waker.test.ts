import { expect } from 'chai';
import { type WakeCall, WakeQueue } from '../../../apps/api/src/commands/wake-queue.js';
import { WorkflowWaker } from '../../../apps/api/src/commands/workflow-waker.js';
import { WaitingRoom } from '../../../apps/api/src/commands/waiting-room.js';
import type { ClaimEngine } from '#libs/engine/index.js';
import type { Execution } from '#libs/inbox/index.js';
import { waitFor } from '../../support/wait.js';
import { awaiting, waking } from '../../../temporal.config.js';

const { places, placesOfClaim, placesOfPartner } = awaiting;

const claim = (claimId: string, partnerAccountId = 'a') => ({ claimId, partnerAccountId });
const wake = (key: string, partnerAccountId = 'a'): WakeCall => ({ key, partnerAccountId, send: () => Promise.resolve(), failures: 0 });

describe('the waiting room', () => {
  const entered = (room: WaitingRoom, claims: ReturnType<typeof claim>[]) => claims.filter((claim) => room.enter(claim)).length;

  it('never gives all places to one claim or one partner', () => {
    const room = new WaitingRoom();
    expect(entered(room, Array(places).fill(claim('stuck')))).to.equal(placesOfClaim);
    const others = Array.from({ length: places }, (_, index) => claim(`claim-${index}`));
    expect(entered(room, others)).to.equal(placesOfPartner - placesOfClaim);
    expect(
      entered(
        room,
        others.map(({ claimId }) => claim(claimId, 'b')),
      ),
    ).to.equal(places - placesOfPartner);
  });

  it('frees a place when its caller leaves, and gives none to a claim that failed to answer in time', () => {
    const room = new WaitingRoom();
    for (let round = 0; round < 2 * places; round++) {
      expect(room.enter(claim('quick'))).to.equal(true);
      room.leave(claim('quick'));
    }
    room.giveUpOn('stuck');
    expect([room.enter(claim('stuck')), room.enter(claim('quick'))]).to.deep.equal([false, true]);
  });
});

describe('the wake queue', () => {
  const taken = (queue: WakeQueue) => {
    const keys = [];
    for (let next = queue.take(); next !== undefined; next = queue.take()) keys.push(next.key);
    return keys;
  };

  it('serves partners in turn, and each wake-up once', () => {
    const queue = new WakeQueue();
    for (const key of ['a1', 'a2', 'a3', 'a1']) queue.add(wake(key));
    for (const key of ['b1', 'b2']) queue.add(wake(key, 'b'));
    expect(taken(queue)).to.deep.equal(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect([queue.holdsAnyOf('a'), queue.take()]).to.deep.equal([false, undefined]);
  });

  it('keeps room for other partners when one partner floods it', () => {
    const queue = new WakeQueue();
    for (let index = 0; index < waking.queueLimitOfPartner; index++) queue.add(wake(`a${index}`));
    expect([queue.add(wake('one too many')), queue.add(wake('b1', 'b'))]).to.deep.equal([false, true]);
  });
});

describe('the report of an executed command', () => {
  const execution = {
    isNews: true,
    needsDirectory: false,
    wakeInMs: null,
    associationWakeInMs: {},
    position: { version: 5, phase: 'submitted', alarm: null },
  } as unknown as Execution;

  /** What Temporal is told when it fails to take the first reports. */
  async function callsAfter(failures: number): Promise<string[]> {
    const calls: string[] = [];
    let left = failures;
    const engine = {
      answers: () => Promise.resolve(true),
      async report() {
        calls.push('report');
        if (left-- > 0) throw new Error('It may have been taken.');
      },
      async wake() {
        calls.push('wake');
      },
    } as unknown as ClaimEngine;
    const waker = new WorkflowWaker(engine, { spread: (_claimId, executed) => Promise.resolve(executed) });
    waker.report(claim('c1'), { type: 'submitClaim', commandId: 'k1' }, execution);
    await waitFor('the calls', () => calls.length >= (failures === 0 ? 1 : failures + 2), 10_000).catch(() => undefined);
    waker.onModuleDestroy();
    return calls;
  }

  it('is followed by a wake-up if it was repeated: what it says may be out of date, and the run that it starts would believe it', async () => {
    expect(await callsAfter(0)).to.deep.equal(['report']);
    expect(await callsAfter(1)).to.deep.equal(['report', 'report', 'wake']);
  }).timeout(15_000);
});
