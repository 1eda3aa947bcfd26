import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, addMonths, compareInstants, earliestOf, isBefore, isNoEnd, latestOf } from '#libs/claims/instants.js';
import { type ClaimEvent, type ClaimState, evolve, expire, expiredClock, fold } from '#libs/claims/index.js';
import { aClock, anEvent, aSubscription, aSubscriptionClaim, someFacts, times } from '../support/claim-builders.js';
import { worldAt } from '../support/claim-specification.js';

const day = 86_400_000;
const lastDate = Date.parse('9999-12-31');
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);
/** Any date with a four-digit year; the latest dates and the present are more frequent. */
const anyDate = fc
  .oneof(
    fc.integer({ min: 0, max: lastDate / day }),
    fc.integer({ min: lastDate / day - 400, max: lastDate / day }),
    fc.integer({ min: 20_000, max: 25_000 }),
    fc.integer({ min: Date.parse('0001-01-01') / day, max: 0 }),
  )
  .map((days) => dateOf(days * day));
/** Any instant that JavaScript can write, including years with six digits. */
const anyInstant = fc
  .oneof(
    fc.integer({ min: -62_135_596_800_000, max: lastDate + 400 * day }),
    fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  )
  .map((time) => new Date(time).toISOString());

describe('instants and dates', () => {
  it('are compared as points in time in any year', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, (a, b) => {
        expect(isBefore(a, b)).to.equal(Date.parse(a) < Date.parse(b));
        expect(Math.sign(compareInstants(a, b))).to.equal(Math.sign(Date.parse(a) - Date.parse(b)));
        expect(earliestOf([a, b])).to.equal(Date.parse(a) <= Date.parse(b) ? a : b);
        expect(latestOf([a, b])).to.equal(Date.parse(a) >= Date.parse(b) ? a : b);
      }),
    );
  });

  it('are equal in any offset and precision', () => {
    expect(compareInstants('2026-03-01T12:00:00+03:00', '2026-03-01T09:00:00.000Z')).to.equal(0);
    expect(isBefore('2026-03-01T23:00:00-05:00', '2026-03-02T03:00:00Z')).to.equal(false);
  });

  it('are rejected if they are malformed', () => {
    expect(() => isBefore('', times.later)).to.throw(RangeError);
    expect(() => isBefore(times.later, 'tomorrow')).to.throw(RangeError);
  });

  it('keep a four-digit year when days or months are added or subtracted', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -4000, max: 4000 }), (date, n) => {
        for (const counted of [addDays(date, n), addMonths(date, n)]) {
          expect(counted).to.match(/^\d{4}-\d\d-\d\d$/);
          expect(dateOf(Date.parse(counted))).to.equal(counted);
        }
      }),
    );
  });

  it('keep the day of the month, or fall on the last day of a shorter one', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -1200, max: 1200 }), (date, months) => {
        const counted = addMonths(date, months);
        fc.pre(counted !== '9999-12-31' && counted !== '0001-01-01');
        const [year, month, on] = date.split('-').map(Number) as [number, number, number];
        const [toYear, toMonth, to] = counted.split('-').map(Number) as [number, number, number];
        expect((toYear - year) * 12 + toMonth - month).to.equal(months);
        expect(to === on || (to < on && addDays(counted, 1).endsWith('-01'))).to.equal(true);
      }),
    );
  });
});

describe('the association of a subscription with any future end date', () => {
  const history: ClaimEvent[] = [
    anEvent('ClaimDrafted', { details: aSubscriptionClaim() }),
    anEvent('EvidenceAdded'),
    anEvent('ClaimSubmitted', { lines: [1], clocks: [] }),
    anEvent('LinesApproved', { lines: [1] }),
    anEvent('NoticeRequested', { lines: [1] }),
    anEvent('NoticeAccepted', { clocks: [aClock('K5', [1], times.delivered, 5)] }),
  ];

  it('ends after exactly that date, or never if the date is far in the future', () => {
    fc.assert(
      fc.property(
        fc
          .oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: lastDate / day - 20_530 }))
          .map((days) => addDays('2026-03-20', days)),
        (endsOn) => {
          const facts = someFacts({ tenant: { subscriptions: [aSubscription({ endsOn })] } });
          let state: ClaimState = fold(history);
          const events: ClaimEvent[] = [];
          const until = '9998-01-01T00:00:00.000Z';
          for (let clock = expiredClock(state, until); clock !== null; clock = expiredClock(state, until)) {
            const expired = expire(state, clock, worldAt({ facts, at: clock.deadline.dueAt }));
            events.push(...expired);
            state = expired.reduce(evolve, state);
          }
          const ended = events.find(({ type }) => type === 'AssociationEnded');
          expect(events[0]?.type).to.equal('LinesMadeOfficial');
          if (isNoEnd(endsOn)) expect(ended).to.equal(undefined);
          else expect(dateOf(Date.parse(ended!.at) - day / 4)).to.equal(endsOn);
          for (const { at } of events) expect(at).to.match(/^\d{4}-/);
        },
      ),
    );
  });
});
