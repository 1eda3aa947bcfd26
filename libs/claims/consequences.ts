import { systemActor } from './actor.js';
import type { ClaimCommand } from './commands.js';
import type { ClaimEvent } from './events.js';

/** A command to another claim that follows from an event of this one. */
export interface Consequence {
  claimId: string;
  command: ClaimCommand;
  /** The event's instant, so that the command precedes everything the other claim received later, even if this claim was processed late. */
  receivedAt: string;
}

type WithoutActor<Command> = Command extends ClaimCommand ? Omit<Command, 'actor'> : never;

/** Returns the commands that an event sends to other claims on the same targets, executed in the same transaction (domain.md 10, R29). */
export function consequencesOf(claimId: string, event: ClaimEvent): Consequence[] {
  const send = (to: string, command: WithoutActor<ClaimCommand>): Consequence => ({
    claimId: to,
    command: { ...command, actor: systemActor },
    receivedAt: event.at,
  });
  switch (event.type) {
    case 'ClaimSubmitted':
    case 'ClaimEdited':
    case 'DisputeOpened':
      return (event.data.competing ?? []).flatMap(({ holder, target }) =>
        holder === null ? [] : [send(holder, { type: 'warnHolder', body: { target, challenger: claimId } })],
      );
    case 'LinesMadeOfficial':
      return event.data.lines.flatMap(({ displaces }) => {
        if (displaces === null) return [];
        const { claimId: displaced, ...association } = displaces;
        return [send(displaced, { type: 'supersedeAssociation', body: { ...association, at: event.at } })];
      });
    case 'CustomerDeclined':
    case 'AssociationEnded':
    case 'PartnerBlocked':
      return (event.data.settles ?? []).map(({ claimId: other, targets }) => send(other, { type: 'recordRefusal', body: { targets } }));
    case 'RivalsDecided': {
      const { record } = event.data;
      // Only the claim whose reviewer decided informs the others; those it informed pass nothing on.
      if (event.by.kind === 'system') return [];
      const others = record.candidates.filter((candidate) => candidate.claimId !== claimId);
      return others.map((candidate) => send(candidate.claimId, { type: 'recordRivals', body: { record } }));
    }
    default:
      return [];
  }
}
