import { Injectable } from '@nestjs/common';
import { evidenceIdOf, type SentEvidence } from '#libs/new-claims/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { CommandService, type Settlement } from '../commands/command.service.js';
import { EvidenceService } from './evidence.service.js';

/** Adds an uploaded file to a claim: the file and the command that names it are stored together. */
@Injectable()
export class UploadService {
  constructor(
    private readonly commands: CommandService,
    private readonly evidence: EvidenceService,
  ) {}

  async add(caller: Caller, claimId: string, sent: SentEvidence): Promise<{ settlement: Settlement; evidenceId: string }> {
    const claim = await this.commands.find(caller.scope, claimId);
    const commandId = requestIdOf(caller);
    const { reference, file } = await this.evidence.screen(claim.state.details.programme, sent, commandId);
    const settlement = await this.commands.handle({
      caller,
      claimId,
      type: 'addEvidence',
      body: { evidence: reference },
      sent: {
        sha256: file.sha256,
        fileName: file.fileName,
        signedOn: file.signedOn,
        cover: reference.cover,
        supersedes: sent.supersedes ?? null,
      },
      alongside: (manager) => this.evidence.insert(manager, claimId, actorOf(caller), file),
    });
    // That of the stored command: a repeat may have been stored under another id.
    return { settlement, evidenceId: evidenceIdOf(settlement.command.commandId) };
  }
}
