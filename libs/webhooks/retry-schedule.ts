const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses before each further attempt of one delivery: three days together. */
const pauses = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 20 * hour];
/** Pauses between the attempts at an endpoint that fails as a whole; the last one is repeated. */
const probes = [5 * second, 30 * second, 2 * minute, 10 * minute];

/** Up to a fifth more or less, so that receivers that failed together are not tried together. */
const jittered = (pause: number, random: () => number): number => Math.round(pause * (0.8 + 0.4 * random()));

/** Returns the milliseconds to wait after so many failed attempts of a delivery; null when it is to be given up. */
export function delayAfter(attempts: number, random: () => number = Math.random): number | null {
  const pause = pauses[attempts - 1];
  return pause === undefined ? null : jittered(pause, random);
}

/** Returns the milliseconds to wait after so many failed attempts at an endpoint that fails as a whole. */
export const probeDelay = (failures: number, random: () => number = Math.random): number =>
  jittered(probes[Math.min(failures, probes.length) - 1]!, random);
