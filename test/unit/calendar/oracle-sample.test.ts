import { expect } from 'chai';
import { productAnswers } from '../../oracle/product-answers.js';
import { kinds } from '../../oracle/questions.js';
import { readSample } from '../../oracle/sample.js';

/** Says what a changed answer means, and what to do about it. */
function advice(release: string): string {
  const { tz } = process.versions;
  if (tz === release) return `Node has the same time zone data as the oracle had (${tz}): the calendar is wrong.`;
  return (
    `Node has the time zone data ${tz}, and the sample was made with ${release}. If ${tz} changes the rules of this zone, run "npm run oracle -- --sample", ` +
    'which asks the oracle with the same data as Node, and commit the new sample; deadlines that are recorded stay as they are. If that reports a difference, the calendar is wrong.'
  );
}

describe('the calendar and the oracle', () => {
  const { tzdata, questions } = readSample();

  for (const kind of kinds) {
    it(`agree on the cases of the sample: ${kind}`, () => {
      for (const { answers, ...question } of questions.filter((each) => each.kind === kind)) {
        for (const [index, product] of productAnswers(question).entries()) {
          const { zone } = question.calendar;
          expect(product, `${zone}, ${JSON.stringify(question.cases[index])}. ${advice(tzdata)}`).to.deep.equal(answers[index]);
        }
      }
    });
  }

  it('were compared in cases of every kind', () => {
    const count = (kind: string) => questions.filter((each) => each.kind === kind).flatMap(({ cases }) => cases).length;
    for (const kind of kinds) expect(count(kind), kind).to.be.at.least(200);
  });
});
