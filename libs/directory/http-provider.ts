import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBefore } from '#libs/claims/instants.js';
import { pasted, pastedInLowerCase } from '#libs/identifiers/index.js';
import { AnswerCache } from './answer-cache.js';
import { Circuit } from './circuit.js';
import type { LookUpRequest } from './http-contract.js';
import { type DirectoryService, postLookUp } from './http-request.js';
import type { DirectoryAnswer, DirectoryProvider, DirectoryQuery } from './provider.js';
import { readAnswer, unusableAnswer } from './read-answer.js';
import { Turnstile } from './turnstile.js';
import { DirectoryUnavailable } from './unavailable.js';

/** Times in milliseconds. */
export interface HttpDirectoryLimits {
  /** For one attempt, from the connection to the last byte. */
  attemptMs: number;
  /** For a look-up with its retries and its wait for a place, unless the caller says less. */
  totalMs: number;
  attempts: number;
  /** The pause before the second attempt is up to this long; each further one may last twice as long. */
  firstPauseMs: number;
  longestPauseMs: number;
  maximumBytes: number;
  atOnce: number;
  waiting: number;
  circuit: { failures: number; openMs: number };
  /** How long an answer serves the same question again. */
  freshMs: number;
  cachedAnswers: number;
}

/** The total stays below the time-out of the worker's step. */
export const httpDirectoryLimits: HttpDirectoryLimits = {
  attemptMs: 5_000,
  totalMs: 12_000,
  attempts: 3,
  firstPauseMs: 200,
  longestPauseMs: 2_000,
  maximumBytes: 2 * 1024 * 1024,
  atOnce: 16,
  waiting: 1_000,
  circuit: { failures: 5, openMs: 5_000 },
  freshMs: 2_000,
  cachedAnswers: 500,
};

/**
 * A vendor's own directory behind the contract of docs/reference/directory-api.md. A directory that gives no answer throws
 * `DirectoryUnavailable`; an answer that breaks the contract states which of its records cannot be used, and why.
 */
export class HttpDirectoryProvider implements DirectoryProvider {
  private readonly limits: HttpDirectoryLimits;
  private readonly circuit: Circuit;
  private readonly turnstile: Turnstile;
  private readonly answers: AnswerCache;

  constructor(
    private readonly service: DirectoryService,
    limits: Partial<HttpDirectoryLimits> = {},
  ) {
    this.limits = { ...httpDirectoryLimits, ...limits };
    this.circuit = new Circuit(this.limits.circuit);
    this.turnstile = new Turnstile(this.limits.atOnce, this.limits.waiting);
    this.answers = new AnswerCache(this.limits.cachedAnswers);
  }

  async lookUp(query: DirectoryQuery): Promise<DirectoryAnswer> {
    const { at = new Date().toISOString(), notBefore, withinMs, staleForMs = 0 } = query;
    const asked = requestOf(query, at);
    const question = JSON.stringify([asked.partnerId, asked.tenantId, asked.identifiers]);
    const kept = (maximumAgeMs: number): DirectoryAnswer | null => {
      const answer = this.answers.find(question, at, maximumAgeMs);
      return answer === null || (notBefore !== undefined && isBefore(answer.askedAt, notBefore)) ? null : answer;
    };
    const answer = kept(this.limits.freshMs);
    if (answer !== null) return answer;
    const total = timeLimit(Math.min(this.limits.totalMs, withinMs ?? Number.POSITIVE_INFINITY));
    try {
      // Whoever waited for a place may find that the one before asked the same.
      return await this.turnstile.run(async () => kept(this.limits.freshMs) ?? this.ask(question, asked, total), total.signal);
    } catch (error) {
      const stale = staleForMs > 0 ? kept(staleForMs) : null;
      if (stale !== null) return stale;
      throw error;
    }
  }

  private async ask(question: string, asked: LookUpRequest, total: TimeLimit): Promise<DirectoryAnswer> {
    const requestId = randomUUID();
    const body = JSON.stringify(asked);
    let fault = new DirectoryUnavailable('circuit_open', 'The directory failed several times in a row and is left alone for a moment.');
    for (let attempt = 1; this.circuit.admits(); attempt++) {
      try {
        const answer = await this.attempt(asked, { body, requestId, total: total.signal });
        this.answers.keep(question, answer);
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

  /** One attempt, of which the circuit always learns. */
  private async attempt(asked: LookUpRequest, sent: { body: string; requestId: string; total: AbortSignal }): Promise<DirectoryAnswer> {
    const { attemptMs, maximumBytes } = this.limits;
    const { body, requestId, total } = sent;
    const signal = AbortSignal.any([total, AbortSignal.timeout(attemptMs)]);
    try {
      const answer = readAnswer(await postLookUp(this.service, { body, requestId, signal, maximumBytes }), asked);
      this.circuit.succeeded();
      return answer;
    } catch (error) {
      if (error instanceof DirectoryUnavailable && error.isOfRecord) {
        this.circuit.succeeded();
        return unusableAnswer(asked, error.message);
      }
      if (error instanceof DirectoryUnavailable && !error.isOfService) this.circuit.succeeded();
      else this.circuit.failed();
      throw error;
    }
  }

  /** Random, so that callers who failed together do not come back together; never before the directory wants them back. */
  private pauseAfter(attempt: number, { retryAfterMs }: DirectoryUnavailable): number {
    const { firstPauseMs, longestPauseMs } = this.limits;
    const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
    return Math.max(retryAfterMs ?? 0, ceiling * (0.5 + Math.random() / 2));
  }
}

function requestOf({ partnerId, tenantId, identifiers }: DirectoryQuery, at: string): LookUpRequest {
  const identifiersAsked = [...new Set(identifiers.map(pastedInLowerCase))].sort();
  return { partnerId: pasted(partnerId), tenantId: pastedInLowerCase(tenantId), identifiers: identifiersAsked, at };
}

interface TimeLimit {
  signal: AbortSignal;
  /** By `performance.now()`. */
  endsAt: number;
}

const timeLimit = (ms: number): TimeLimit => ({ signal: AbortSignal.timeout(ms), endsAt: performance.now() + ms });
