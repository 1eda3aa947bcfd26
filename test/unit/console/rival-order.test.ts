import { expect } from 'chai';
import fc from 'fast-check';
import { type Candidate, settleRivals } from '#libs/claims/index.js';
import { consoleModule } from '../../support/console-module.js';

interface Order {
  orderOf(rivalry: object, disregarded: string[]): { step: string; winner: string | null; isReached: boolean }[];
  decidingStep(steps: object[]): { step: string; winner: string };
  evidenceDate(candidate: object, disregarded: string[]): string | null;
}

const dates = ['2026-01-05', '2026-02-10', null];
const instants = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'];

const rivalries = fc
  .array(fc.record({ evidenceOn: fc.constantFrom(...dates), submittedAt: fc.constantFrom(...instants) }), { minLength: 2, maxLength: 4 })
  .chain((rivals) =>
    fc.record({
      rivals: fc.constant(rivals),
      holder: fc.option(fc.nat(rivals.length - 1), { nil: -1 }),
      chosen: fc.option(fc.nat(rivals.length - 1), { nil: -1 }),
    }),
  )
  .map(({ rivals, holder, chosen }) => ({
    candidates: rivals.map((rival, index) => ({
      ...rival,
      claimId: `claim-${index}`,
      isHolder: index === holder,
      evidence: rival.evidenceOn === null ? [] : [{ evidenceId: `file-${index}`, fileName: null, signedOn: rival.evidenceOn }],
    })),
    choice: chosen === -1 ? null : { claimId: `claim-${chosen}`, chosenAt: instants[0] },
  }));

describe('The order of decision on the page that compares rivals', () => {
  let order: Order;
  before(async () => {
    order = await consoleModule<Order>('reviews/rivals/order.ts');
  });

  it('comes to the same result as the rules, whatever the candidates are', () => {
    fc.assert(
      fc.property(rivalries, (rivalry) => {
        const settled = settleRivals(rivalry.candidates as unknown as Candidate[], rivalry.choice?.claimId ?? null);
        expect(order.decidingStep(order.orderOf(rivalry, []))).to.deep.equal({ step: settled.step, winner: settled.winner });
      }),
      { numRuns: 500 },
    );
  });

  it('passes over evidence that the reviewer disregards', () => {
    const evidence = [
      { evidenceId: 'old', fileName: null, signedOn: '2026-01-05' },
      { evidenceId: 'new', fileName: null, signedOn: '2026-02-10' },
      { evidenceId: 'future', fileName: null, signedOn: '2099-01-01' },
    ];
    const candidate = { evidenceOn: '2026-02-10', evidence };
    expect(order.evidenceDate(candidate, [])).to.equal('2026-02-10');
    expect(order.evidenceDate(candidate, ['new'])).to.equal('2026-01-05');
    expect(order.evidenceDate(candidate, ['new', 'old'])).to.equal(null);
  });
});
