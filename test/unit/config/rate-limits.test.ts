import { expect } from 'chai';
import fc from 'fast-check';
import { readConfig } from '#libs/config/index.js';
import { TokenBucket } from '../../../apps/api/src/limits/token-bucket.js';

const read = (limits?: string) =>
  readConfig(
    { CPOR_MODE: 'sandbox', DATABASE_URL: 'postgres://a@127.0.0.1/b', TEMPORAL_ADDRESS: '127.0.0.1:7233', CPOR_RATE_LIMITS: limits },
    'api',
  ).rateLimits;

describe('CPOR_RATE_LIMITS', () => {
  it('changes the limits that it names, and none if it is not set', () => {
    const defaults = read();
    expect(defaults).to.deep.include({ read: { requests: 100, seconds: 10 }, bulk: { requests: 20, seconds: 60 } });
    expect(read(' read=600/10, bulk=1/3600 ')).to.deep.equal({
      ...defaults,
      read: { requests: 600, seconds: 10 },
      bulk: { requests: 1, seconds: 3_600 },
    });
    expect(read('off')).to.equal(null);
  });

  for (const wrong of ['read', 'read=0/10', 'read=10/0', 'reads=10/10', 'link_answer=1/60', 'read=10/10;write=1/1', 'OFF'])
    it(`refuses ${wrong}`, () => {
      expect(() => read(wrong)).to.throw('CPOR_RATE_LIMITS is not a list of limits');
    });
});

describe('A token bucket', () => {
  const limit = fc.record({ requests: fc.integer({ min: 1, max: 1_000 }), seconds: fc.integer({ min: 1, max: 3_600 }) });

  it('admits a request after exactly the seconds that it names, and never more than its limit allows', () => {
    fc.assert(
      fc.property(limit, fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 }), (of, pauses) => {
        const bucket = new TokenBucket(of, 0);
        let [now, admitted] = [0, 0];
        for (const pause of pauses) {
          now += pause;
          if (bucket.take(now)) admitted += 1;
          else {
            now += bucket.secondsToNext(now) * 1_000;
            expect(bucket.take(now)).to.equal(true);
            admitted += 1;
          }
          expect(admitted).to.be.at.most(of.requests + (now * of.requests) / (of.seconds * 1_000) + 1e-6);
        }
      }),
    );
  });

  it('admits nothing a second before, where it refills slower than once a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 61, max: 3_600 }), (requests, seconds) => {
        const bucket = new TokenBucket({ requests, seconds }, 0);
        while (bucket.take(0));
        const wait = bucket.secondsToNext(0);
        expect(bucket.take((wait - 1) * 1_000)).to.equal(false);
        expect(bucket.take(wait * 1_000)).to.equal(true);
      }),
    );
  });
});
