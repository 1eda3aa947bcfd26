import sample from './sample-directory.json' with { type: 'json' };

/** Invented partners and customers for trials, tests and demos; pass it to `importDirectory`. */
export const sampleDirectory: unknown = sample;
