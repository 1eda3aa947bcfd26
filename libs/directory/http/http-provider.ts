import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBefore } from '#libs/claims/instants.js';
import { pasted, pastedInLowerCase } from '#libs/identifiers/index.js';
import { AnswerCache } from './answer-cache.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { LookUpRequest } from './contract.js';
import { type DirectoryService, postLookUp } from './post-look-up.js';
import type { DirectoryAnswer, DirectoryProvider, DirectoryQuery } from '../directory-provider.js';
import { readAnswer, unusableAnswer } from './read-answer.js';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import { DirectoryUnavailable } from '../directory-unavailable.js';

/** Times in milliseconds. */
export interface HttpDirectoryLimits {
  /** Time-out of one attempt, from connecting to the last byte. */
  attemptMs: number;
  /** Time-out of a look-up with its retries and its time in the queue. A caller can shorten it. */
  totalMs: number;
  attempts: number;
  /** Longest pause before the second attempt; it doubles with every further attempt, up to `longestPauseMs`. */
  firstPauseMs: number;
  longestPauseMs: number;
  maximumBytes: number;
  maximumRunning: number;
  maximumQueued: number;
  circuit: { failures: number; openMs: number };
  /** How long an answer is reused for the same question. */
  freshMs: number;
  cachedAnswers: number;
}

/** The total must stay below the time-out of the activity that asks. */
export const httpDirectoryLimits: HttpDirectoryLimits = {
  attemptMs: 5_000,
  totalMs: 12_000,
  attempts: 3,
  firstPauseMs: 200,
  longestPauseMs: 2_000,
  maximumBytes: 2 * 1024 * 1024,
  maximumRunning: 16,
  maximumQueued: 1_000,
  circuit: { failures: 5, openMs: 5_000 },
  freshMs: 2_000,
  cachedAnswers: 500,
};

/**
 * Asks a vendor's own directory by the contract of docs/reference/directory-api.md, with time-outs, retries, a circuit breaker and a cache.
 * An answer that breaks the contract lists the records that cannot be used, and why.
 * @throws DirectoryUnavailable if the directory gives no answer.
 */
export class HttpDirectoryProvider implements DirectoryProvider {
  private readonly limits: HttpDirectoryLimits;
  private readonly circuitBreaker: CircuitBreaker;
  private readonly limiter: ConcurrencyLimiter;
  private readonly cache: AnswerCache;

  constructor(
    private readonly service: DirectoryService,
    /** Reads the product's clock, for questions about now. */
    private readonly clock: () => Promise<string>,
    limits: Partial<HttpDirectoryLimits> = {},
  ) {
    this.limits = { ...httpDirectoryLimits, ...limits };
    this.circuitBreaker = new CircuitBreaker(this.limits.circuit);
    this.limiter = new ConcurrencyLimiter(this.limits.maximumRunning, this.limits.maximumQueued);
    this.cache = new AnswerCache(this.limits.cachedAnswers);
  }

  async lookUp(query: DirectoryQuery): Promise<DirectoryAnswer> {
    const { at = await this.clock(), isNew = false, withinMs, staleForMs = 0 } = query;
    const request = requestOf(query, at);
    const cacheKey = JSON.stringify([request.partnerId, request.tenantId, request.identifiers]);
    const cached = (maximumAgeMs: number): DirectoryAnswer | null => {
      const answer = this.cache.find(cacheKey, at, maximumAgeMs);
      return answer === null || (isNew && isBefore(answer.askedAt, at)) ? null : answer;
    };
    const answer = cached(this.limits.freshMs);
    if (answer !== null) return answer;
    const total = timeLimit(Math.min(this.limits.totalMs, withinMs ?? Number.POSITIVE_INFINITY));
    try {
      // While this look-up was queued, another may have asked the same question.
      return await this.limiter.run(async () => cached(this.limits.freshMs) ?? this.ask(cacheKey, request, total), total.signal);
    } catch (error) {
      const stale = staleForMs > 0 ? cached(staleForMs) : null;
      if (stale !== null) return stale;
      throw error;
    }
  }

  private async ask(cacheKey: string, request: LookUpRequest, total: TimeLimit): Promise<DirectoryAnswer> {
    const requestId = randomUUID();
    const body = JSON.stringify(request);
    let fault = new DirectoryUnavailable('circuit_open', 'The directory failed several times in a row; requests are paused.');
    for (let attempt = 1; this.circuitBreaker.allowsRequest(); attempt++) {
      try {
        const answer = await this.attempt(request, { body, requestId, total: total.signal });
        this.cache.store(cacheKey, answer);
        return structuredClone(answer);
      } catch (error) {
        fault = error as DirectoryUnavailable;
      }
      if (!fault.isTransient || attempt >= this.limits.attempts) break;
      const pauseMs = this.pauseAfter(attempt, fault);
      if (performance.now() + pauseMs >= total.endsAt) break;
      await sleep(pauseMs);
    }
    throw fault;
  }

  /** Makes one attempt and records its outcome with the circuit breaker. */
  private async attempt(request: LookUpRequest, sent: { body: string; requestId: string; total: AbortSignal }): Promise<DirectoryAnswer> {
    const { attemptMs, maximumBytes } = this.limits;
    const { body, requestId, total } = sent;
    const signal = AbortSignal.any([total, AbortSignal.timeout(attemptMs)]);
    try {
      const answer = readAnswer(await postLookUp(this.service, { body, requestId, signal, maximumBytes }), request);
      this.circuitBreaker.recordSuccess();
      return answer;
    } catch (error) {
      if (error instanceof DirectoryUnavailable && error.isOfRecord) {
        this.circuitBreaker.recordSuccess();
        return unusableAnswer(request, error.message);
      }
      if (error instanceof DirectoryUnavailable && !error.isOfService) this.circuitBreaker.recordSuccess();
      else this.circuitBreaker.recordFailure();
      throw error;
    }
  }

  /** Returns a pause with jitter, so that callers that failed together do not retry together, and never shorter than Retry-After. */
  private pauseAfter(attempt: number, { retryAfterMs }: DirectoryUnavailable): number {
    const { firstPauseMs, longestPauseMs } = this.limits;
    const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
    return Math.max(retryAfterMs ?? 0, ceiling * (0.5 + Math.random() / 2));
  }
}

function requestOf({ partnerId, tenantId, identifiers }: DirectoryQuery, at: string): LookUpRequest {
  const uniqueIdentifiers = [...new Set(identifiers.map(pastedInLowerCase))].sort();
  return { partnerId: pasted(partnerId), tenantId: pastedInLowerCase(tenantId), identifiers: uniqueIdentifiers, at };
}

interface TimeLimit {
  signal: AbortSignal;
  /** By `performance.now()`. */
  endsAt: number;
}

const timeLimit = (ms: number): TimeLimit => ({ signal: AbortSignal.timeout(ms), endsAt: performance.now() + ms });
