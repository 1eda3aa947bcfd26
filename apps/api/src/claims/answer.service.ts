import { Injectable } from '@nestjs/common';
import { v5 as uuidV5 } from 'uuid';
import { acceptCommand, fingerprintOf, type NewCommand } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import type { Caller } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { CommandService, type CommandRequest, type Settlement } from '../commands/command.service.js';
import { withRequiredText } from '../commands/texts.js';
import type { NewAnswer } from './submission.body.js';

/** An answer to an information request: a comment, a resubmission, or both in one transaction. */
@Injectable()
export class AnswerService {
  constructor(private readonly commands: CommandService) {}

  async answer(caller: Caller, claimId: string, sent: NewAnswer): Promise<Settlement> {
    if (sent.resubmit) {
      const alongside = this.alongside(caller, claimId, sent.comment);
      return this.commands.handle({ caller, claimId, type: 'submitClaim', body: {}, sent, ...(alongside && { alongside }) });
    }
    if (!sent.comment?.trim()) throw new Problem('answer_required', { detail: 'Send a comment, or resubmit.' });
    return this.commands.handle({ caller, claimId, type: 'addComment', body: comment(sent.comment), sent });
  }

  private alongside(caller: Caller, claimId: string, words: string | undefined): CommandRequest<'submitClaim'>['alongside'] {
    if (!words?.trim()) return undefined;
    return async (manager, submissionId) => {
      const commandId = uuidV5('comment', submissionId);
      const { body, personal } = comment(words)(null, commandId);
      const command: NewCommand = {
        commandId,
        claimId,
        command: { type: 'addComment', actor: actorOf(caller), body },
        fingerprint: fingerprintOf(words),
        personal,
      };
      await acceptCommand(manager, command);
    };
  }
}

const comment = (words: string) => withRequiredText(words, (textId) => ({ textId, visibility: 'shared' as const }));
