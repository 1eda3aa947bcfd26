import { parseArgs } from 'node:util';

export const usage = `Usage: npm run cluster [-- --story] [-- --claims 50] [-- --keep]
  --story    plays the demo's three claims through the proxy
  --claims N takes N claims through their lives while a worker and an API are killed
  --keep     leaves everything running after that`;

export interface ClusterOptions {
  hasStory: boolean;
  /** How many claims to play; 0 for none. */
  claims: number;
  /** Whether to run until Ctrl-C. */
  isKept: boolean;
}

/** Reads the command line. @throws an Error that says what is wrong with it */
export function readOptions(args: string[]): ClusterOptions {
  const { values } = parseArgs({
    args,
    options: {
      story: { type: 'boolean', default: false },
      claims: { type: 'string', default: '0' },
      keep: { type: 'boolean', default: false },
    },
  });
  const claims = Number(values.claims);
  if (!Number.isInteger(claims) || claims < 0) throw new Error(`--claims is "${values.claims}", which is not a whole number of claims.`);
  const isPlaying = values.story || claims > 0;
  return { hasStory: values.story, claims, isKept: values.keep || !isPlaying };
}
