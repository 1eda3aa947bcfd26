import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** How often one link may be used within a minute, by this process. */
export const usesPerMinute = 60;
/** Links remembered at a time; forgetting them all early only errs in favour of customers. */
const rememberedLinks = 10_000;
const minuteMs = 60_000;

/** Keeps one link from being hammered. */
@Injectable()
export class LinkLimit {
  private uses = new Map<string, number>();
  private since = performance.now();

  admits(token: string): boolean {
    if (performance.now() - this.since > minuteMs || this.uses.size > rememberedLinks) {
      this.uses = new Map();
      this.since = performance.now();
    }
    const link = createHash('sha256').update(token).digest('base64');
    const used = (this.uses.get(link) ?? 0) + 1;
    this.uses.set(link, used);
    return used <= usesPerMinute;
  }
}
