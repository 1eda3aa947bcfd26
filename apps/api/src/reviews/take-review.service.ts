import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findCommand } from '#libs/inbox/index.js';
import { nextToReview } from '#libs/read-models/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { CommandService, type Settlement } from '../commands/command.service.js';
import type { NextReview } from './review.body.js';

/** How often a caller may be overtaken by another process before the answer is the refusal itself. */
const mostAttempts = 20;

/** Gives each reviewer who asks another claim to review. */
@Injectable()
export class TakeReviewService {
  /** Claims that this process is taking for somebody: other callers pass over them. Between processes, the rules refuse the second one. */
  private readonly beingTaken = new Set<string>();

  constructor(
    private readonly source: DataSource,
    private readonly commands: CommandService,
  ) {}

  /** Starts the review of the most urgent claim that nobody has taken. Returns null if there is none. A repeated request gets the same claim. */
  async takeNext(caller: Caller, wanted: NextReview): Promise<Settlement | null> {
    let settlement: Settlement | null = null;
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      settlement = await this.attempt(caller, wanted, `attempt ${attempt}`);
      if (settlement === null || !isOvertaken(settlement)) return settlement;
    }
    return settlement;
  }

  private async attempt(caller: Caller, wanted: NextReview, purpose: string): Promise<Settlement | null> {
    const earlier = await findCommand(this.source.manager, requestIdOf(caller, purpose));
    const claimId = earlier === null ? await this.reserve(caller, wanted) : earlier.claimId;
    if (claimId === null) return null;
    try {
      return await this.commands.handle({ caller, claimId, type: 'startReview', body: {}, sent: wanted, purpose });
    } finally {
      if (earlier === null) this.beingTaken.delete(claimId);
    }
  }

  private async reserve({ scope, principal }: Caller, wanted: NextReview): Promise<string | null> {
    for (;;) {
      const claimId = await nextToReview(this.source.manager, scope, principal, wanted, [...this.beingTaken]);
      if (claimId === null) return null;
      // Another caller may have reserved it while the database was asked.
      if (this.beingTaken.has(claimId)) continue;
      this.beingTaken.add(claimId);
      return claimId;
    }
  }
}

/** Whether somebody else was faster, so that there is nothing left to start. */
const isOvertaken = ({ command: { outcome } }: Settlement): boolean =>
  outcome?.status === 'refused' && outcome.findings.every(({ code }) => code === 'not_in_phase');
