import type { DirectoryAnswer } from '../directory-provider.js';

interface CacheEntry {
  answer: DirectoryAnswer;
  storedAt: number;
}

/** Caches answers by question and evicts the oldest. */
export class AnswerCache {
  private readonly entries = new Map<string, CacheEntry>();

  constructor(
    private readonly size: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  store(question: string, answer: DirectoryAnswer): void {
    this.entries.delete(question);
    this.entries.set(question, { answer, storedAt: this.now() });
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.size && oldest !== undefined) this.entries.delete(oldest);
  }

  /** Returns a copy of the answer if it is at most `maximumAgeMs` old at the instant `at`, otherwise null. */
  find(question: string, at: string, maximumAgeMs: number): DirectoryAnswer | null {
    const entry = this.entries.get(question);
    if (entry === undefined) return null;
    // The product's clock can jump ahead or stand still, so the age by the monotonic clock counts too.
    const age = Math.max(this.now() - entry.storedAt, Date.parse(at) - Date.parse(entry.answer.askedAt));
    return age > maximumAgeMs ? null : structuredClone(entry.answer);
  }
}
