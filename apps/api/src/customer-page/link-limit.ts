import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/**
 * What a link is used for. Each has an allowance of its own, so that a mail scanner that opens links, or sends forms that it was not shown,
 * takes nothing from the customer's answer.
 */
export type LinkUse = 'read' | 'answer' | 'attempt';

/** How often a link may be used at once, by this process; afterwards once for each part of a minute. */
export const usesPerMinute: Record<LinkUse, number> = { read: 60, answer: 60, attempt: 60 };
/** Uses remembered at a time; forgetting them all early only errs in favour of customers. */
const rememberedUses = 30_000;
const minuteMs = 60_000;

interface Allowance {
  left: number;
  at: number;
}

/** Keeps one link from being hammered. Links that do not exist, however many are tried, take nothing from those that do. */
@Injectable()
export class LinkLimit {
  /** A clock that only goes forward, in milliseconds. */
  now = (): number => performance.now();
  private allowances = new Map<string, Allowance>();

  /** Takes one use from a link's allowance; or else says in how many seconds there will be one. */
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
