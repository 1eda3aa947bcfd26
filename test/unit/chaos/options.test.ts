import { expect } from 'chai';
import { faultNames } from '../../chaos/driver/faults.js';
import { readOptions } from '../../chaos/driver/options.js';

describe('the command line of the chaos driver', () => {
  it('plays twenty seeds with every fault on the development server', () => {
    const options = { seed: 1, seeds: 20, claims: 200, faults: [...faultNames], temporal: 'development', persistenceFaults: 0 };
    expect(readOptions([])).to.deep.equal(options);
  });

  it('plays one seed if one is named, unless it says how many', () => {
    expect(readOptions(['--seed', '7'])).to.include({ seed: 7, seeds: 1 });
    expect(readOptions(['--seed=7', '--seeds', '20'])).to.include({ seed: 7, seeds: 20 });
  });

  it('gives the production server faults in its store', () => {
    const options = readOptions(['--temporal', 'production', '--persistence-faults', '0.02', '--faults', 'none']);
    expect(options).to.deep.include({ temporal: 'production', persistenceFaults: 0.02, faults: [] });
  });

  for (const args of [
    '--persistence-faults 0.02',
    '--temporal production --persistence-faults 2',
    '--temporal cloud',
    '--faults kill_moon',
  ]) {
    it(`refuses "${args}"`, () => expect(() => readOptions(args.split(' '))).to.throw());
  }
});
