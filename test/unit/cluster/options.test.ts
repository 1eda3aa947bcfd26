import { expect } from 'chai';
import { readOptions } from '../../cluster/options.js';

describe('the command line of the cluster', () => {
  it('keeps it running unless something is to be played', () => {
    expect(readOptions([])).to.deep.equal({ hasStory: false, claims: 0, isKept: true });
    expect(readOptions(['--story'])).to.deep.equal({ hasStory: true, claims: 0, isKept: false });
    expect(readOptions(['--claims', '50', '--keep'])).to.deep.equal({ hasStory: false, claims: 50, isKept: true });
  });

  for (const args of [['--claims', 'many'], ['--claims', '-1'], ['--claims=1.5'], ['--claim', '5'], ['story']]) {
    it(`refuses "${args.join(' ')}"`, () => expect(() => readOptions(args)).to.throw());
  }
});
