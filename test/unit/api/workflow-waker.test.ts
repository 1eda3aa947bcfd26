import { expect } from 'chai';
import { type WakeCall, WakeQueue } from '../../../apps/api/src/commands/wake-queue.js';
import { WaitingRoom } from '../../../apps/api/src/commands/waiting-room.js';
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
