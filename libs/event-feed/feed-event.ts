import { v5 as uuidV5 } from 'uuid';
import {
  type ClaimState,
  type EndReason,
  type EventType,
  evolve,
  initialState,
  type LineState,
  type OfficialState,
} from '#libs/claims/index.js';
import type { RecordedEvent } from '#libs/event-store/index.js';
import { type ChangeType, changeOf, changeTypes, type ClaimChange, isChange } from './claim-change.js';

/** Events that report an association, for systems that calculate incentives. */
export const associationTypes = ['association.official', 'association.ended', 'association.eligibility_changed'] as const;
export type AssociationType = (typeof associationTypes)[number];

export type FeedType = AssociationType | ChangeType;
export const feedTypes = [...associationTypes, ...Object.values(changeTypes)] as const satisfies FeedType[];

const associationSources: Record<AssociationType, EventType[]> = {
  'association.official': ['LinesMadeOfficial', 'AssociationTransferred'],
  'association.ended': ['AssociationEnded', 'AssociationTransferred'],
  'association.eligibility_changed': ['AssociationChecked'],
};
const changeSources = new Map<string, string>(Object.entries(changeTypes).map(([source, type]) => [type, source]));

/** The claim events that feed events of some types are made from. */
export function sourceTypesOf(types: readonly FeedType[]): EventType[] {
  const sourcesOf = (type: FeedType) =>
    type in associationSources ? associationSources[type as AssociationType] : [changeSources.get(type) as EventType];
  return [...new Set(types.flatMap(sourcesOf))];
}

interface FeedHead<Type extends FeedType> {
  /** The same on every read. */
  eventId: string;
  type: Type;
  /** The instant from which it applies. */
  at: string;
  /** When it was stored. */
  recordedAt: string;
  /** Version of the claim event behind it; it grows with every change of the claim. */
  version: number;
  claimId: string;
  claimNumber: string;
  tenantId: string;
  partnerAccountId: string;
  /** Location of the claim, or of the association. */
  partnerId: string;
  /** Who caused it; people are not named. */
  by: RecordedEvent['by']['kind'];
}

/** An association as the feed reports it to an incentive system (domain.md 12). cpor itself calculates no incentives. */
export interface AssociationEvent extends FeedHead<AssociationType> {
  line: number;
  associationId: string;
  target: string;
  activities: string[];
  from: string;
  to: string | null;
  endReason: EndReason | null;
  /** Whether an incentive programme may pay for one of its activities. */
  isIncentivised: boolean;
  isOptedOutOfIncentives: boolean;
  /** False once the directory has reported that the location may not be paid. */
  isEligible: boolean;
}

export interface ClaimChangeEvent extends FeedHead<ChangeType>, ClaimChange {}

export type FeedEvent = AssociationEvent | ClaimChangeEvent;
export type FeedEventOf<Type extends FeedType> = Type extends AssociationType ? AssociationEvent : ClaimChangeEvent;

/** A feed event with what decides who may see it. */
export interface SourcedEvent {
  event: FeedEvent;
  source: RecordedEvent;
  /** Whether the customer had been notified or asked by then. */
  isCustomerTold: boolean;
}

type Association = Pick<
  OfficialState,
  'associationId' | 'target' | 'partnerId' | 'activities' | 'from' | 'to' | 'endReason' | 'isEligible'
>;

/** Returns the feed events of one claim, given all of its events, oldest first. Every claim event has at least one. */
export function feedEventsOf(claimId: string, events: readonly RecordedEvent[]): SourcedEvent[] {
  const feed: SourcedEvent[] = [];
  const incentivised = new Map<number, boolean>();
  let state = initialState;
  for (const source of events) {
    const before = state;
    state = evolve(before, source);
    const after = state;
    if (source.type === 'LinesMadeOfficial')
      for (const { line, isIncentivised } of source.data.lines) incentivised.set(line, isIncentivised);
    const head = <Type extends FeedType>(type: Type, subject: string, partnerId: string): FeedHead<Type> => ({
      eventId: uuidV5(`${type}/${subject}/${source.version}`, claimId),
      type,
      at: source.at,
      recordedAt: source.recordedAt,
      version: source.version,
      claimId,
      claimNumber: after.number,
      tenantId: after.details.tenantId,
      partnerAccountId: after.partnerAccountId,
      partnerId,
      by: source.by.kind,
    });
    const add = (event: FeedEvent) => feed.push({ event, source, isCustomerTold: after.notices.length > 0 || after.choices.length > 0 });
    const reported = associationsIn(source, before, after);
    for (const { type, line, association } of reported) {
      const { associationId, target, partnerId, activities, from, to, endReason, isEligible } = association;
      add({
        ...head(type, associationId, partnerId),
        line,
        associationId,
        target,
        activities,
        from,
        to,
        endReason,
        isIncentivised: incentivised.get(line) ?? false,
        isOptedOutOfIncentives: after.details.isOptedOutOfIncentives,
        isEligible,
      });
    }
    if (reported.length === 0 && isChange(source))
      add({ ...head(changeTypes[source.type], claimId, after.details.partnerId), ...changeOf(source, after) });
  }
  return feed;
}

interface ReportedAssociation {
  type: AssociationType;
  line: number;
  association: Association;
}

function associationsIn(event: RecordedEvent, before: ClaimState, after: ClaimState): ReportedAssociation[] {
  const associationOf = (state: ClaimState, line: number): OfficialState =>
    state.lines.find(({ line: number }: LineState) => number === line)!.official!;
  switch (event.type) {
    case 'LinesMadeOfficial':
      return event.data.lines.map(({ line }) => ({ type: 'association.official', line, association: associationOf(after, line) }));
    case 'AssociationEnded':
      return event.data.lines.map((line) => ({ type: 'association.ended', line, association: associationOf(after, line) }));
    case 'AssociationTransferred':
      return event.data.lines.flatMap(({ line }): ReportedAssociation[] => {
        const ended: Association = { ...associationOf(before, line), to: event.at, endReason: 'transferred' };
        return [
          { type: 'association.ended', line, association: ended },
          { type: 'association.official', line, association: associationOf(after, line) },
        ];
      });
    case 'AssociationChecked':
      return event.data.lines
        .filter((line) => associationOf(before, line).isEligible !== associationOf(after, line).isEligible)
        .map((line) => ({ type: 'association.eligibility_changed', line, association: associationOf(after, line) }));
    default:
      return [];
  }
}
