import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { fingerprintOf } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { type HoldOutcome, type HoldRequest, type LegalHold, listHolds, placeHold, releaseHold } from '#libs/retention/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { CommandService } from '../commands/command.service.js';

/** Places, releases and lists legal holds on claims inside the caller's scope. */
@Injectable()
export class LegalHoldService {
  constructor(
    private readonly source: DataSource,
    private readonly commands: CommandService,
  ) {}

  async place(caller: Caller, claimId: string, reason: string): Promise<LegalHold> {
    await this.commands.find(caller.scope, claimId);
    return holdOrThrow(await placeHold(this.source, request(caller, claimId, reason)));
  }

  async release(caller: Caller, claimId: string, holdId: string, reason: string): Promise<LegalHold> {
    await this.commands.find(caller.scope, claimId);
    return holdOrThrow(await releaseHold(this.source, holdId, request(caller, claimId, reason)));
  }

  async list(scope: Scope, claimId: string): Promise<LegalHold[]> {
    await this.commands.find(scope, claimId);
    return listHolds(this.source, claimId);
  }
}

function request(caller: Caller, claimId: string, reason: string): HoldRequest {
  const fingerprint = fingerprintOf({ claimId, reason });
  return { requestId: requestIdOf(caller), claimId, reason, by: caller.principal.subject, fingerprint };
}

function holdOrThrow(outcome: HoldOutcome): LegalHold {
  switch (outcome.result) {
    case 'conflict':
      throw new Problem('idempotency_conflict');
    case 'unknown':
      throw new Problem('not_found');
    case 'released_before':
      throw new Problem('legal_hold_released');
    default:
      return outcome.hold;
  }
}
