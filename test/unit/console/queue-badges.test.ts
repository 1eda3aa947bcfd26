import { expect } from 'chai';
import { consoleModule } from '../../support/console-module.js';

interface Row {
  isCompeting: boolean;
  tasks: { for: string }[];
  phase: string;
  reasons: string[];
}

describe('Badges of the review queue', () => {
  let queueBadges: (row: Row) => { text: string }[];
  before(async () => {
    ({ queueBadges } = await consoleModule<{ queueBadges: typeof queueBadges }>('reviews/queue/queue-badges.ts'));
  });

  const badges = (more: Partial<Row>) =>
    queueBadges({ isCompeting: false, tasks: [{ for: 'decision' }], phase: 'under_review', reasons: [], ...more }).map(({ text }) => text);

  it('are none for a claim that comes for the first time', () => {
    expect(badges({})).to.deep.equal([]);
  });

  it('tell a claim that the partner has sent again from a dispute', () => {
    expect(badges({ phase: 'submitted', reasons: ['dates_missing_or_old'] })).to.deep.equal(['resubmitted']);
    expect(badges({ phase: 'disputed', reasons: ['evidence_insufficient'], tasks: [{ for: 'dispute_decision' }] })).to.deep.equal([
      'dispute',
    ]);
  });

  it('name a dispute of one line also while another line is in review', () => {
    expect(badges({ reasons: ['evidence_insufficient'], tasks: [{ for: 'decision' }, { for: 'dispute_decision' }] })).to.deep.equal([
      'dispute',
    ]);
  });

  it('are shown together', () => {
    expect(badges({ isCompeting: true, phase: 'consent_pending', tasks: [{ for: 'hold' }] })).to.deep.equal(['competing', 'hold']);
  });
});
