import type { DirectoryAnswer } from './provider.js';

interface Kept {
  answer: DirectoryAnswer;
  keptAt: number;
}

/** Answers by question, the latest asked last; the oldest give way. Ages count by the steady clock and by the instants asked about. */
export class AnswerCache {
  private readonly answers = new Map<string, Kept>();

  constructor(
    private readonly size: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  keep(question: string, answer: DirectoryAnswer): void {
    this.answers.delete(question);
    this.answers.set(question, { answer, keptAt: this.now() });
    const [oldest] = this.answers.keys();
    if (this.answers.size > this.size && oldest !== undefined) this.answers.delete(oldest);
  }

  /** An answer that is at most so old at the instant `at`, a copy of its own; null when there is none. */
  find(question: string, at: string, maximumAgeMs: number): DirectoryAnswer | null {
    const kept = this.answers.get(question);
    if (kept === undefined) return null;
    // Both: the product's clock may be advanced, and may stand still.
    const age = Math.max(this.now() - kept.keptAt, Date.parse(at) - Date.parse(kept.answer.askedAt));
    return age > maximumAgeMs ? null : structuredClone(kept.answer);
  }
}
