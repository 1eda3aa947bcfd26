import { systemActor } from './actor.js';
import type { ClaimCommand, CommandBodies, CommandType } from './commands.js';
import type { ClaimEvent } from './events.js';

/** A command to another claim that follows from an event of this one. */
export interface Consequence {
  claimId: string;
  command: ClaimCommand;
  /** When it counts as received: before whatever reached the other claim later, however late this one was worked off. */
  receivedAt: string;
}

const tell = <Type extends CommandType>(claimId: string, type: Type, body: CommandBodies[Type], receivedAt: string): Consequence => ({
  claimId,
  command: { type, actor: systemActor, body } as ClaimCommand,
  receivedAt,
});

/** What a claim's event asks of other claims on the same targets; carried out in the same transaction (domain.md 10, R29). */
export function consequencesOf(claimId: string, event: ClaimEvent): Consequence[] {
  switch (event.type) {
    case 'ClaimSubmitted':
    case 'ClaimEdited':
    case 'DisputeOpened':
      return (event.data.competing ?? []).flatMap(({ holder, target }) =>
        holder === null ? [] : [tell(holder, 'warnHolder', { target, challenger: claimId }, event.at)],
      );
    case 'LinesMadeOfficial':
      return event.data.lines.flatMap(({ displaces }) => {
        if (displaces === null) return [];
        const { claimId: displaced, ...association } = displaces;
        return [tell(displaced, 'supersedeAssociation', { ...association, at: event.at }, event.at)];
      });
    case 'CustomerDeclined':
    case 'AssociationEnded':
    case 'PartnerBlocked':
      return (event.data.settles ?? []).map(({ claimId: other, targets }) => tell(other, 'recordRefusal', { targets }, event.at));
    case 'RivalsDecided': {
      const { record } = event.data;
      // The claim whose reviewer decided tells the others; what they were told they do not tell on.
      if (event.by.kind === 'system') return [];
      const others = record.candidates.filter((candidate) => candidate.claimId !== claimId);
      return others.map((candidate) => tell(candidate.claimId, 'recordRivals', { record }, event.at));
    }
    default:
      return [];
  }
}
