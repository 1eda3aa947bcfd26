import { parseArgs } from 'node:util';
import { type FaultName, faultNames } from './faults.js';

export interface ChaosOptions {
  /** The first seed. */
  seed: number;
  /** How many seeds are played. */
  seeds: number;
  claims: number;
  faults: FaultName[];
  /** Which of Temporal's servers is used. */
  temporal: 'development' | 'production';
  /** The share of calls of Temporal's production server to its own store that fail. */
  persistenceFaults: number;
}

/** Reads the command line. @throws an Error that says what is wrong with it */
export function readOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      claims: { type: 'string', default: '200' },
      faults: { type: 'string', default: 'all' },
      temporal: { type: 'string', default: 'development' },
      'persistence-faults': { type: 'string', default: '0' },
    },
  });
  const { temporal } = values;
  if (temporal !== 'development' && temporal !== 'production')
    throw new Error(`--temporal is "${temporal}"; it can be "development" or "production".`);
  const persistenceFaults = Number(values['persistence-faults']);
  if (!(persistenceFaults >= 0 && persistenceFaults < 1))
    throw new Error(`--persistence-faults is "${values['persistence-faults']}"; it must be a share such as 0.02.`);
  if (persistenceFaults > 0 && temporal !== 'production') throw new Error('--persistence-faults needs --temporal production.');
  return {
    seed: Number(values.seed ?? 1),
    seeds: Number(values.seeds ?? (values.seed === undefined ? 20 : 1)),
    claims: Number(values.claims),
    faults: namesOf(values.faults),
    temporal,
    persistenceFaults,
  };
}

function namesOf(text: string): FaultName[] {
  if (text === 'all') return [...faultNames];
  if (text === 'none') return [];
  const unknown = text.split(',').filter((name) => !faultNames.includes(name as never));
  if (unknown.length > 0) throw new Error(`Unknown fault ${unknown.join(', ')}. The faults are: ${faultNames.join(', ')}.`);
  return text.split(',') as FaultName[];
}
