import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/**
 * What a link is used for. Each use has its own allowance, so that a mail scanner that opens links or posts forms blindly cannot use up the
 * allowance for the customer's answer.
 */
export type LinkUse = 'read' | 'answer' | 'attempt';

/** How often a link can be used in a burst, per process. Afterwards the allowance refills at this rate. */
export const usesPerMinute: Record<LinkUse, number> = { read: 60, answer: 60, attempt: 60 };
/** How many allowances are remembered. Forgetting them early favours the customers. */
const rememberedUses = 30_000;
const minuteMs = 60_000;

interface Allowance {
  left: number;
  at: number;
}

/** Limits how often one link is used. Requests to other links, existing or not, never reduce its allowance. */
@Injectable()
export class LinkLimit {
  /** A monotonic clock, in milliseconds. */
  now = (): number => performance.now();
  private allowances = new Map<string, Allowance>();

  /** Takes one use from a link's allowance, or returns in how many seconds the next one is available. */
  take(token: string, use: LinkUse): { isAdmitted: true } | { isAdmitted: false; waitSeconds: number } {
    if (this.allowances.size > rememberedUses) this.allowances = new Map();
    const key = `${use} ${createHash('sha256').update(token).digest('base64')}`;
    const most = usesPerMinute[use];
    const now = this.now();
    const { left, at } = this.allowances.get(key) ?? { left: most, at: now };
    const refilled = Math.min(most, left + ((now - at) * most) / minuteMs);
    if (refilled < 1) return { isAdmitted: false, waitSeconds: Math.ceil(((1 - refilled) * minuteMs) / most / 1_000) };
    this.allowances.set(key, { left: refilled - 1, at: now });
    return { isAdmitted: true };
  }
}
