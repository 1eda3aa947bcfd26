import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EvidenceScanner } from '#libs/evidence/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { NewClaims, RefusedClaim } from '#libs/new-claims/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { refusal } from '../commands/command.answer.js';
import { CommandService, type Settlement } from '../commands/command.service.js';
import { EVIDENCE_SCANNER } from '../evidence/evidence.service.js';
import type { NewClaim } from './claim.body.js';
import { refuseForeignLocation } from './location-scope.js';

/** Creates claims: drafts, and claims that are submitted in the same request. */
@Injectable()
export class CreateClaimService {
  private readonly newClaims: NewClaims;

  constructor(
    source: DataSource,
    library: ProgrammeLibrary,
    private readonly commands: CommandService,
    @Inject(EVIDENCE_SCANNER) scanner: EvidenceScanner,
  ) {
    const askDirectory = commands.askDirectory.bind(commands);
    this.newClaims = new NewClaims({ source, library, scanner, askDirectory });
  }

  async create(caller: Caller, body: NewClaim): Promise<Settlement> {
    const { submit, ...sent } = body;
    const partnerAccountId = caller.scope.kind === 'partner' ? caller.scope.accountId : '';
    refuseForeignLocation(caller.scope, sent.partnerId);
    const author = {
      commandId: requestIdOf(caller),
      request: { type: 'draftClaim', sent: body },
      actor: actorOf(caller),
      accountId: partnerAccountId,
    };
    const claim = await this.newClaims.prepare(author, sent);
    try {
      const commanded = { claimId: claim.claimId, partnerAccountId, isUnanswered: claim.directory === null };
      if (submit) {
        const stored = (isExecuted: boolean) => this.newClaims.submit(claim, { isExecuted });
        return await this.commands.execute(commanded, { type: 'submitClaim', isOfDraft: false }, caller, stored);
      }
      const drafted = () => this.newClaims.draft(claim);
      return await this.commands.execute(commanded, { type: 'draftClaim', isOfDraft: true }, caller, drafted);
    } catch (error) {
      throw error instanceof RefusedClaim ? refusal(error.findings, null, caller.principal) : error;
    }
  }
}
