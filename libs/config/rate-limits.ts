/** How many requests are allowed: so many at once, and afterwards as many in so many seconds. */
export interface RateLimit {
  requests: number;
  seconds: number;
}

interface RateLimitClass extends RateLimit {
  /** What it counts, for the documentation. */
  of: string;
  /** Whose requests it counts together. */
  per: 'caller' | 'link';
}

/** The limits of an installation that sets no others, by class of requests. */
export const rateLimitClasses = {
  read: { requests: 100, seconds: 10, per: 'caller', of: 'GET, unless it is in another class' },
  write: { requests: 30, seconds: 10, per: 'caller', of: 'everything else that is in no other class' },
  bulk: { requests: 20, seconds: 60, per: 'caller', of: 'imports and exports' },
  answer: { requests: 60, seconds: 60, per: 'caller', of: "a customer's refusals, acceptances, choices and blocks" },
  link_read: { requests: 60, seconds: 60, per: 'link', of: 'opening a link: of a notice, of a statement to sign, or of a snapshot' },
  link_answer: { requests: 60, seconds: 60, per: 'link', of: 'answering by the link' },
  link_attempt: { requests: 60, seconds: 60, per: 'link', of: 'forms of the link that contain no answer' },
} as const satisfies Record<string, RateLimitClass>;

export type RateLimitName = keyof typeof rateLimitClasses;
export type CallerLimit = {
  [Name in RateLimitName]: (typeof rateLimitClasses)[Name]['per'] extends 'caller' ? Name : never;
}[RateLimitName];
export type LinkLimitName = Exclude<RateLimitName, CallerLimit>;

export const callerLimits = (Object.keys(rateLimitClasses) as RateLimitName[]).filter(
  (name): name is CallerLimit => rateLimitClasses[name].per === 'caller',
);

/** Reads `read=300/10,bulk=20/60`; the others keep their defaults. `off` is null. Returns undefined for anything else. */
export function parseRateLimits(text: string): Record<CallerLimit, RateLimit> | null | undefined {
  if (text === 'off') return null;
  const limits: Record<CallerLimit, RateLimit> = Object.fromEntries(
    callerLimits.map((name) => [name, { requests: rateLimitClasses[name].requests, seconds: rateLimitClasses[name].seconds }]),
  ) as Record<CallerLimit, RateLimit>;
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name, requests, seconds] = /^\s*(\w+)=([1-9]\d{0,6})\/([1-9]\d{0,4})\s*$/.exec(part) ?? [];
    if (name === undefined || !(callerLimits as string[]).includes(name)) return undefined;
    limits[name as CallerLimit] = { requests: Number(requests), seconds: Number(seconds) };
  }
  return limits;
}
