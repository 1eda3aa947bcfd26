import { expect } from 'chai';
import { faultsOf, type Life } from '../../chaos/outcome.js';

const closesAt = '2026-12-08T12:00:00.000Z';
const justAfter = '2026-12-08T12:00:00.001Z';
const early = '2026-12-08T11:00:00.000Z';
const later = '2026-12-08T12:00:01.000Z';

const event = (type: string, at: string, data: Life['events'][number]['data'] = {}, recordedAt = later) => ({ type, at, recordedAt, data });
const command = (type: string, receivedAt: string, status: 'done' | 'refused' | null = 'done') => ({ type, receivedAt, status });
const notified = event('NoticeAccepted', early, { clocks: [{ clock: 'K5', deadline: { dueAt: closesAt } }] });
const official = event('LinesMadeOfficial', justAfter);

const silent = (changes: Partial<Life> = {}): Life => ({
  claimId: 'c1',
  phase: 'official',
  events: [event('ClaimDrafted', early), event('ClaimSubmitted', early), notified, official],
  commands: [command('submitClaim', early)],
  ...changes,
});

describe('the outcome of a claim under faults', () => {
  it('is right after silence, a refusal in time and a refusal that came late', () => {
    expect(faultsOf(silent())).to.deep.equal([]);
    const refused = { phase: 'rejected', events: [notified, event('CustomerDeclined', early)], commands: [command('optOut', early)] };
    expect(faultsOf(silent(refused))).to.deep.equal([]);
    const ended = { phase: 'ended', events: [notified, official, event('AssociationEnded', later)], commands: [command('optOut', later)] };
    expect(faultsOf(silent(ended))).to.deep.equal([]);
  });

  const cases: [expected: string, life: Life][] = [
    ['lost', silent({ phase: 'consent_pending', events: [notified] })],
    ['lost', silent({ phase: 'submitted', events: [] })],
    ['lost', silent({ commands: [command('submitClaim', early), command('addEvidence', early, null)] })],
    ['twice', silent({ events: [event('ClaimSubmitted', early), notified, official, official] })],
    ['twice', silent({ events: [event('ClaimSubmitted', early), event('ClaimSubmitted', early), notified, official] })],
    ['early', silent({ events: [event('ClaimSubmitted', early), notified, event('LinesMadeOfficial', justAfter, {}, early)] })],
    ['wrong', silent({ events: [event('ClaimSubmitted', early), notified, event('LinesMadeOfficial', later)] })],
    ['wrong', silent({ phase: 'ended' })],
  ];
  for (const [index, [expected, life]] of cases.entries()) {
    it(`is ${expected} (${index + 1})`, () => expect(faultsOf(life)).to.deep.equal([expected]));
  }
});
