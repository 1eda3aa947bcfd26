import { expect } from 'chai';
import { type WakeCall, WakeQueue, wakesOfPartnerLimit } from '../../../apps/api/src/commands/wake-queue.js';
import { places, placesOfClaim, placesOfPartner, WaitingRoom } from '../../../apps/api/src/commands/waiting-room.js';

const claim = (claimId: string, partnerAccountId = 'a') => ({ claimId, partnerAccountId });
const wake = (key: string, partnerAccountId = 'a'): WakeCall => ({ key, partnerAccountId, send: () => Promise.resolve(), failures: 0 });

describe('The places of callers who wait for an outcome', () => {
  const entered = (room: WaitingRoom, claims: ReturnType<typeof claim>[]) => claims.filter((one) => room.enter(one)).length;

  it('are not all taken by one claim, nor by one partner', () => {
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

  it('are free again when a caller leaves, except for a claim that gave no answer', () => {
    const room = new WaitingRoom();
    for (let round = 0; round < 2 * places; round++) {
      expect(room.enter(claim('quick'))).to.equal(true);
      room.leave(claim('quick'));
    }
    room.giveUpOn('stuck');
    expect([room.enter(claim('stuck')), room.enter(claim('quick'))]).to.deep.equal([false, true]);
  });
});

describe('Rings that wait', () => {
  const taken = (queue: WakeQueue) => {
    const keys = [];
    for (let next = queue.take(); next !== undefined; next = queue.take()) keys.push(next.key);
    return keys;
  };

  it('go out for one partner after the other, and each once', () => {
    const queue = new WakeQueue();
    for (const key of ['a1', 'a2', 'a3', 'a1']) queue.add(wake(key));
    for (const key of ['b1', 'b2']) queue.add(wake(key, 'b'));
    expect(taken(queue)).to.deep.equal(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect([queue.holdsAnyOf('a'), queue.take()]).to.deep.equal([false, undefined]);
  });

  it('of one partner leave room for those of others', () => {
    const queue = new WakeQueue();
    for (let index = 0; index < wakesOfPartnerLimit; index++) queue.add(wake(`a${index}`));
    expect([queue.add(wake('one too many')), queue.add(wake('b1', 'b'))]).to.deep.equal([false, true]);
  });
});
