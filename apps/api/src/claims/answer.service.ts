import { Injectable } from '@nestjs/common';
import { Problem } from '#libs/problems/index.js';
import type { Caller } from '../auth/caller.js';
import { CommandService, type Settlement } from '../commands/command.service.js';
import { withRequiredText, withText } from '../commands/texts.js';
import type { NewAnswer } from './submission.body.js';

/** Answers an information request: with a comment, or with a resubmission whose comment is stored only if it is accepted. */
@Injectable()
export class AnswerService {
  constructor(private readonly commands: CommandService) {}

  async answer(caller: Caller, claimId: string, sent: NewAnswer): Promise<Settlement> {
    if (sent.resubmit) {
      const body = withText(sent.comment, (textId) => ({ textId }));
      return this.commands.handle({ caller, claimId, type: 'submitClaim', body, sent });
    }
    if (!sent.comment?.trim())
      throw new Problem('answer_required', { detail: 'Send a comment with the answer, or resubmit the claim without one.' });
    const body = withRequiredText(sent.comment, (textId) => ({ textId, visibility: 'shared' as const }));
    return this.commands.handle({ caller, claimId, type: 'addComment', body, sent });
  }
}
