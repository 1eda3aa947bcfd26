import { Inject, Injectable } from '@nestjs/common';
import { evidenceIdOf, type SentEvidence } from '#libs/new-claims/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { CommandService, type Settlement } from '../commands/command.service.js';
import { ByteBudget } from '../http/byte-budget.js';
import { EvidenceService } from './evidence.service.js';
import { maximumUploadBytes, type ReceivedEvidence } from './evidence.upload.js';

export const UPLOAD_BUDGET = Symbol('ByteBudget');

/** Allows two files of maximum size to be screened and stored at a time; each occupies about three times its size in memory. */
export const uploadBudget = (): ByteBudget => new ByteBudget(2 * maximumUploadBytes, 30_000);

interface Added {
  settlement: Settlement;
  evidenceId: string;
}

/** Adds an uploaded file to a claim, storing the file and its command in one transaction. */
@Injectable()
export class UploadService {
  constructor(
    private readonly commands: CommandService,
    private readonly evidence: EvidenceService,
    @Inject(UPLOAD_BUDGET) private readonly budget: ByteBudget,
  ) {}

  /** Stores an uploaded file and closes it. */
  async add(caller: Caller, claimId: string, { file, ...sent }: ReceivedEvidence): Promise<Added> {
    try {
      const { state } = await this.commands.find(caller.scope, claimId);
      const release = await this.budget.hold(file.bytes);
      try {
        return await this.store(caller, claimId, state.details.programme, { ...sent, content: await file.read() });
      } finally {
        release();
      }
    } finally {
      await file.close();
    }
  }

  private async store(caller: Caller, claimId: string, programme: string, sent: SentEvidence): Promise<Added> {
    const commandId = requestIdOf(caller);
    const { reference, file } = await this.evidence.screen(programme, sent, commandId);
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
    // The id of the stored command, because a retry may find it under another id.
    return { settlement, evidenceId: evidenceIdOf(settlement.command.commandId) };
  }
}
