import sample from './sample-directory.json' with { type: 'json' };

/** The invented partners and customers of trials, tests and demos, ready for `importDirectory`. */
export const sampleDirectory: unknown = sample;
