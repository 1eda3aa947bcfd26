import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { commandTable } from '#libs/claims/index.js';
import { executeWithin, sendCommand } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { type ClaimRow, findClaim, visibleAmong } from '#libs/read-models/index.js';
import type { Caller } from '../auth/caller.js';
import { actorOf } from '../commands/actor.js';
import { refusal } from '../commands/command.answer.js';
import { CommandService } from '../commands/command.service.js';
import { expectedVersionOf } from '../http/entity-tag.js';
import { type DecisionPreview, type NewDecisionPreview, type PreviewedCommand, previewedCommand } from './preview.body.js';
import { PreviewedMailsReader } from './previewed-mails.reader.js';

/** Each preview locks its claim for some milliseconds, and needs a second connection for the programme. */
const previewsAtOnce = 4;

/**
 * Shows what a decision would bring about: executes it as it would be executed, reads what would be sent, and rolls everything back. So a
 * preview cannot differ from the decision, and whatever refuses the one refuses the other.
 */
@Injectable()
export class PreviewService {
  private running = 0;

  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly commands: CommandService,
    private readonly mails: PreviewedMailsReader,
  ) {}

  /** @throws Problem with the code for which the decision would be refused, or `too_many_requests` */
  async preview(caller: Caller, claimId: string, sent: NewDecisionPreview, ifMatch: ExpectedVersion | undefined): Promise<DecisionPreview> {
    const claim = await this.commands.findFor(caller, claimId);
    const command = previewedCommand(sent);
    const facts = commandTable[command.type].needsDirectory ? await this.facts(claim) : null;
    if (this.running >= previewsAtOnce) {
      throw new Problem('too_many_requests', { detail: `${previewsAtOnce} previews are being made.`, headers: { 'Retry-After': '1' } });
    }
    this.running += 1;
    try {
      return await this.rolledBack((manager) =>
        this.executed(manager, caller, claim, { command, facts, expectedVersion: expectedVersionOf(ifMatch, claim.version) }),
      );
    } finally {
      this.running -= 1;
    }
  }

  private async facts({ claimId, state }: ClaimRow) {
    const evidence = await this.commands.askDirectory(claimId, state.details);
    if (evidence !== null) return evidence;
    const detail = 'The customer directory does not answer. A decision would wait for it.';
    throw new Problem('service_unavailable', { detail, headers: { 'Retry-After': '10' } });
  }

  private async executed(
    manager: EntityManager,
    caller: Caller,
    claim: ClaimRow,
    { command, facts, expectedVersion }: Previewed,
  ): Promise<DecisionPreview> {
    const { claimId } = claim;
    const commandId = uuidV7();
    const content = contentOf(command, claim, commandId);
    await sendCommand(manager, {
      commandId,
      claimId,
      type: command.type,
      actor: actorOf(caller),
      body: content.body,
      personal: [...content.personal, ...(facts?.personal ?? [])],
      facts: facts?.facts ?? null,
      expectedVersion,
      request: commandId,
    });
    const { execution, outcomes } = await executeWithin(manager, this.library, claimId);
    const outcome = outcomes.get(commandId);
    const after = await findClaim(manager, caller.scope, claimId);
    if (outcome?.status === 'refused') throw refusal(outcome.findings, claim, caller.principal);
    if (outcome === undefined || after === null) {
      throw new Problem('service_unavailable', { detail: 'The claim waits for the customer directory.', headers: { 'Retry-After': '10' } });
    }
    const others = await visibleAmong(
      manager,
      caller.scope,
      execution.changed.map((other) => other.claimId),
    );
    return {
      claimId,
      basedOn: claim.version,
      phase: after.position.phase,
      lines: after.state.lines.map(({ line, phase }) => ({ line, phase })),
      mails: await this.mails.read(manager, [...new Set([claimId, ...others])]),
    };
  }

  private async rolledBack<Result>(step: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.startTransaction();
      return await step(runner.manager);
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }
}

interface Previewed {
  command: PreviewedCommand;
  facts: Awaited<ReturnType<CommandService['askDirectory']>>;
  expectedVersion: number | undefined;
}

function contentOf({ body }: PreviewedCommand, claim: ClaimRow, commandId: string) {
  const content = typeof body === 'function' ? body(claim, commandId) : { body };
  return { body: content.body, personal: 'personal' in content ? (content.personal ?? []) : [] };
}
